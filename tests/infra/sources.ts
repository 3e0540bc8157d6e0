import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The files that the rules look at, by their path in the repository. */
export type Sources = ReadonlyMap<string, string>;

/** What is wrong: the file, and what a person would say of it. */
export interface Broken {
  readonly file: string;
  readonly what: string;
}

export type Rule = (sources: Sources) => Broken[];

/** Reads them all once; the mutations change copies. */
export function readSources(): Sources {
  const files = [
    'azure.yaml', 'host.json', 'local.settings.sample.json', 'docs/operations.md', 'dev.cs',
    'src/Serverless.Functions/Log.cs', 'src/Serverless.Sessions/Log.cs', 'src/Serverless.Tables/Storage/TableSet.cs',
    ...within('infra'), ...within('.github/workflows'),
  ];
  return new Map(files.map(file => [file, readFileSync(join(root, file), 'utf8')]));
}

/** A copy in which a text stands for another one; a mutation that changes nothing would prove nothing. */
export function changed(sources: Sources, file: string, from: string | RegExp, to: string): Sources {
  const before = text(sources, file);
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${file} has no ${from}, so nothing was changed.`);
  return new Map(sources).set(file, after);
}

export function text(sources: Sources, file: string): string {
  const found = sources.get(file);
  if (found === undefined) throw new Error(`${file} is missing.`);
  return found;
}

export function paths(sources: Sources, ending: string): string[] {
  return [...sources.keys()].filter(file => file.startsWith('infra/') && file.endsWith(ending));
}

function within(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1).replaceAll('\\', '/'))
    .sort();
}
