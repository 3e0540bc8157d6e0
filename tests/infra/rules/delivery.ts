import { parse } from 'yaml';
import type { Project } from '../project.ts';

const workflow = '.github/workflows/ci.yml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, string>;
}

interface Job {
  readonly permissions?: Record<string, string>;
  readonly 'timeout-minutes'?: number;
  readonly environment?: { readonly name: string };
  readonly needs?: string[];
  readonly steps: Step[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group?: string };
  readonly jobs: Record<string, Job>;
}

/** Actions are pinned to what was looked at; jobs may what they need; deploying takes an approval and no secret. */
export function pipeline(project: Project): string[] {
  const source = project.text(workflow);
  const { permissions, concurrency, jobs } = parse(source) as Workflow;
  const all = Object.entries(jobs);
  const wrong = source.split('\n').filter(line => /^\s*-?\s*uses:/.test(line) && !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)).map(line => `not pinned: ${line.trim()}`);
  if (JSON.stringify(permissions) !== '{}') wrong.push('jobs get permissions without asking');
  if (!concurrency?.group) wrong.push('two deployments could run at once');
  if (/\bsecrets\./.test(source)) wrong.push('a secret is used');
  for (const [name, job] of all) {
    const deploys = job.steps.some(step => step.uses?.startsWith('azure/login@'));
    const granted = JSON.stringify(job.permissions);
    if (granted !== (deploys ? '{"contents":"read","id-token":"write"}' : '{"contents":"read"}')) wrong.push(`${name} may ${granted}`);
    if (job['timeout-minutes'] === undefined) wrong.push(`${name} may run forever`);
    for (const step of job.steps.filter(step => step.uses?.startsWith('actions/checkout@')))
      if (String(step.with?.['persist-credentials']) !== 'false') wrong.push(`${name} leaves its token on the disk`);
    // What an expression gives is code there: it goes in through the environment.
    for (const step of job.steps) if (step.run?.includes('${{')) wrong.push(`${name} has an expression within a script`);
  }
  // Whoever approves has seen what would change: the environment's reviewers come after the plan.
  const { plan, deploy } = jobs;
  if (deploy?.environment?.name !== 'production') wrong.push('deploy deploys without the environment production');
  if (plan?.environment !== undefined) wrong.push('the plan waits for an approval');
  for (const [name, job, after] of [['plan', plan, ['test', 'build', 'package', 'templates']], ['deploy', deploy, ['plan']]] as const)
    if (JSON.stringify(job?.needs) !== JSON.stringify(after)) wrong.push(`${name} doesn't wait for ${after.join()}`);
  const version = /<BicepVersion>(.+)<\/BicepVersion>/.exec(project.text('Directory.Packages.props'))?.[1];
  const runs = (job: Job | undefined) => job?.steps.map(step => step.run ?? '').join('\n') ?? '';
  for (const [name, command] of [
    ['test', 'dotnet dev.cs test'], ['package', 'dotnet dev.cs publish'], ['templates', 'dotnet dev.cs infra'],
    ['plan', `az bicep install --version v${version}\n`], ['plan', 'what-if'], ['deploy', `az bicep install --version v${version}\n`],
  ] as const) if (!runs(jobs[name]).includes(command)) wrong.push(`${name} doesn't run ${command.trim()}`);
  return wrong;
}

/** azd finds the templates and the app, and deploys the package that publish makes. */
export function azd(project: Project): Promise<string[]> {
  const azure = parse(project.text('azure.yaml')) as {
    infra: { path: string; module: string };
    services: Record<string, { host: string; project: string }>;
    hooks: Record<string, Record<string, { run: string }>>;
    workflows: { up: { steps: { azd: string }[] } };
  };
  const wrong: string[] = [];
  const main = `${azure.infra.path}/${azure.infra.module}`;
  for (const needed of [`${main}.bicep`, `${main}.bicepparam`]) if (!project.paths('').includes(needed)) wrong.push(`${needed} is missing`);
  for (const [service, { host }] of Object.entries(azure.services)) {
    if (host !== 'function') wrong.push(`${service} is no function app`);
    if (!azure.workflows.up.steps.some(step => step.azd === `deploy ${service} --from-package publish/serverless-sessions.zip`)) wrong.push(`${service} is not deployed from the package`);
  }
  for (const shell of Object.values(azure.hooks['preup'] ?? {})) if (shell.run !== 'dotnet dev.cs publish') wrong.push('the package is not made before it is deployed');
  if (Object.keys(azure.hooks['preup'] ?? {}).sort().join() !== 'posix,windows') wrong.push('the package is not made on every system');
  // azd deploys to the one resource with the tag.
  return project.inEach(resources => {
    const tagged = resources.filter(({ tags }) => tags?.['azd-service-name'] !== undefined).map(({ type, tags }) => `${tags?.['azd-service-name']} ${type}`);
    return [...wrong, ...(tagged.join() === 'api Microsoft.Web/sites' ? [] : [`azd finds ${tagged.join()}`])];
  });
}

/** The vault lets nobody set a secret without a role, which reads the signing keys as well: the guide gives it before and takes it back. */
export function guide(project: Project): string[] {
  const blocks = [...project.text('docs/operations.md').matchAll(/^```sh needs-azure\n(.*?)^```/gms)].map(block => block[1] ?? '').filter(block => block.includes('az keyvault secret set'));
  const role = (what: string) => `az role assignment ${what} --role "Key Vault Secrets Officer"`;
  return [
    ...(blocks.length > 0 ? [] : ['nothing sets a secret']),
    ...blocks.filter(block => !block.split('az keyvault secret set')[0]?.includes(role('create'))).map(() => 'a secret is set without the role'),
    ...blocks.filter(block => !block.split('az keyvault secret set')[1]?.includes(role('delete'))).map(() => 'the role on the vault is kept'),
    ...blocks.filter(block => !/--scope "\$GROUP"/.test(block)).map(() => 'a role on the vault can only be taken back without its lock'),
    ...blocks.filter(block => /--file/.test(block) && !block.includes('printf %s ')).map(() => 'the file of a secret may end in a line break'),
  ];
}

/** The linter's findings stop a build. */
export function linter(project: Project): string[] {
  const { analyzers } = JSON.parse(project.text('infra/bicepconfig.json')) as { analyzers: { core: { enabled: boolean; rules: Record<string, { level: string; maxAgeInDays?: number }> } } };
  const { enabled, rules } = analyzers.core;
  const needed = ['use-recent-api-versions', 'outputs-should-not-contain-secrets', 'no-unused-params', 'no-hardcoded-location', 'use-description-params', 'what-if-short-circuiting'];
  return [
    ...(enabled ? [] : ['the linter is off']),
    ...Object.entries(rules).filter(([, { level }]) => level !== 'error').map(([rule]) => `${rule} is no error`),
    ...needed.filter(rule => !(rule in rules)).map(rule => `${rule} is missing`),
    // Two years by default, counted to the day of the build: what deploys today would stop to by itself.
    ...((rules['use-recent-api-versions']?.maxAgeInDays ?? 730) < 3650 ? ['versions of the API grow too old by themselves'] : []),
  ];
}

/** host.json keeps what alerts count, gives timers their time, and each of its lines is explained to operators. */
export function host(project: Project): string[] {
  const json = JSON.parse(project.text('host.json')) as {
    functionTimeout: string;
    extensions: { http: { routePrefix: string; maxConcurrentRequests: number; maxOutstandingRequests: number } };
    logging: { logLevel: Record<string, string>; applicationInsights: { samplingSettings: { excludedTypes: string } } };
  };
  const wrong: string[] = [];
  const { routePrefix, maxConcurrentRequests, maxOutstandingRequests } = json.extensions.http;
  if (routePrefix !== 'api') wrong.push('the addresses of the templates and the client begin with /api');
  if (maxConcurrentRequests > maxOutstandingRequests) wrong.push('more requests run than may wait');
  if (!json.logging.applicationInsights.samplingSettings.excludedTypes.split(';').includes('Trace')) wrong.push('events that alerts listen for are sampled away');
  const [hours = 0, minutes = 0] = json.functionTimeout.split(':').map(Number);
  // The most that a timer may be given is 540 seconds.
  if (hours * 60 + minutes < 10) wrong.push('a timer is cut off before its own limit');
  const guide = /\n## host\.json\n(.*?)\n## /s.exec(project.text('docs/operations.md'))?.[1] ?? '';
  for (const key of leaves(json)) if (!guide.includes(`\`${key}\``)) wrong.push(`docs/operations.md doesn't explain ${key}`);
  return wrong;
}

// Levels are explained together.
function leaves(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'object' && key !== 'logLevel' ? leaves(inner as object) : [key])).filter(key => key !== 'version');
}
