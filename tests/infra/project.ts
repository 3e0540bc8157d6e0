import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bicep } from './bicep.ts';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What a deployment would make, with every parameter, loop, condition and name evaluated. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly tags?: Record<string, string>;
  readonly sku?: { readonly name: string };
  readonly properties?: Record<string, unknown>;
}

/** A compiled template: of it only what says who waits for whom, and the types. */
export interface Template {
  readonly definitions?: Record<string, { readonly properties?: object }>;
  readonly resources: Record<string, { readonly type: string; readonly dependsOn?: string[]; readonly properties?: { readonly template?: Template } }>;
}

/** What is wrong, as a person would say it. */
export type Rule = (project: Project) => string[] | Promise<string[]>;

/** Beside the parameter files: everything that they don't use, and two that must be refused. */
const variants = {
  everything: "param store = 'cosmos'\nparam secondaryLocation = 'northeurope'\nparam publicUrl = 'https://sessions.example.com'\nparam zoneRedundant = true\nparam redisSku = 'Balanced_B0'",
  noAddress: "param secondaryLocation = 'northeurope'",
  oneZone: 'param zoneRedundant = true',
};

const metadata = { subscriptionId: '00000000-0000-0000-0000-000000000000', location: 'westeurope', deploymentName: 'sessions' };

/** The files that the rules look at, by their path, and what the compiler makes of them. */
export class Project {
  readonly #bicep: Bicep;
  readonly #files: ReadonlyMap<string, string>;
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #folders = new Map<string, string>();

  /** The parameter files whose deployments the rules look at. */
  readonly deployments: string[];

  constructor(bicep: Bicep, files = read(), deployments = ['main', 'main.dev', 'main.prod', 'everything']) {
    this.#bicep = bicep;
    this.#files = files;
    this.deployments = deployments;
  }

  text(file: string): string {
    const found = this.#files.get(file);
    if (found === undefined) throw new Error(`${file} is missing.`);
    return found;
  }

  paths(ending: string): string[] {
    return [...this.#files.keys()].filter(file => file.startsWith('infra/') && file.endsWith(ending));
  }

  /** A copy in which a text stands for another one, looked at in one deployment; a mutation that changes nothing would prove nothing. */
  changed(file: string, from: string | RegExp, to: string, deployment: string): Project {
    const before = this.text(file);
    const after = before.replaceAll(typeof from === 'string' ? from : new RegExp(from, `${from.flags.replace('g', '')}g`), to);
    if (after === before) throw new Error(`${file} has no ${from}, so nothing was changed.`);
    return new Project(this.#bicep, new Map(this.#files).set(file, after), [deployment]);
  }

  async resources(deployment: string): Promise<Resource[]> {
    // What the linter finds is one rule of many, and would keep a snapshot from being made.
    const { snapshot } = await this.#make<{ snapshot: string }>('getSnapshot', `${deployment}.bicepparam`, { metadata }, '"enabled": false');
    return (JSON.parse(snapshot) as { predictedResources: Resource[] }).predictedResources;
  }

  /** The rule for each deployment, which says where it is broken. */
  async inEach(rule: (resources: Resource[], deployment: string) => string[]): Promise<string[]> {
    const found = await Promise.all(this.deployments.map(async deployment => rule(await this.resources(deployment), deployment)));
    return [...new Set(found.flat())];
  }

  async template(): Promise<Template> {
    return JSON.parse((await this.#make<{ contents: string }>('compile', 'main.bicep')).contents) as Template;
  }

  /** What the compiler and its linter say. */
  async findings(): Promise<string[]> {
    const files = ['main.bicep', ...this.deployments.map(deployment => `${deployment}.bicepparam`)];
    const answers = await Promise.all(files.map(file => file === 'main.bicep'
      ? this.#make<Findings>('compile', file) : this.#make<Findings>('compileParams', file, { parameterOverrides: {} })));
    return [...new Set(answers.flatMap(({ diagnostics }) => diagnostics.map(({ code, message }) => `${code}: ${message}`)))];
  }

  stop(): void {
    for (const folder of this.#folders.values()) rmSync(folder, { recursive: true });
  }

  #make<T>(method: string, file: string, more: object = {}, linter = '"enabled": true'): Promise<T> {
    const key = `${method} ${file}`;
    const made = this.#made.get(key) ?? this.#bicep.call(method, { path: join(this.#write(linter), 'infra', file), ...more });
    this.#made.set(key, made);
    return made as Promise<T>;
  }

  #write(linter: string): string {
    const folder = this.#folders.get(linter) ?? mkdtempSync(join(tmpdir(), 'serverless-infra-'));
    if (this.#folders.has(linter)) return folder;
    this.#folders.set(linter, folder);
    for (const file of this.paths('')) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), this.text(file).replace('"enabled": true', linter));
    }
    return folder;
  }
}

interface Findings {
  readonly diagnostics: { readonly code: string; readonly message: string }[];
}

function read(): Map<string, string> {
  const files = [
    'azure.yaml', 'host.json', 'local.settings.sample.json', 'docs/operations.md', 'docs/scaling.md', 'Directory.Packages.props',
    'src/Serverless.Functions/Log.cs', 'src/Serverless.Sessions/Log.cs', 'src/Serverless.Tables/Storage/TableSet.cs', '.github/workflows/ci.yml',
    ...['infra', 'infra/modules'].flatMap(folder => readdirSync(join(root, folder)).filter(name => /\.bicep|bicepconfig/.test(name)).map(name => `${folder}/${name}`)),
  ];
  return new Map([
    ...files.map(file => [file, readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')] as const),
    ...Object.entries(variants).map(([name, parameters]) =>
      [`infra/${name}.bicepparam`, `using 'main.bicep'\nparam environmentName = 'sessions-test'\nparam location = 'westeurope'\n${parameters}\n`] as const),
  ]);
}
