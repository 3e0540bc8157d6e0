// Bundles each entry point into dist/, with its source map and types.
import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const entries = ['index', 'drafts/index', 'passkeys/index', 'push/index', 'react/index', 'service-worker/index'];
await rm('dist', { recursive: true, force: true });
const options = { outdir: 'dist', outbase: 'src', bundle: true, target: 'es2022', minify: true, sourcemap: 'linked', legalComments: 'none', logLevel: 'warning' };
// An entry that throws the core's errors imports them from it.
const core = { name: 'core', setup: ({ onResolve }) => onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: '../index.js', external: true })) };
await build({ ...options, entryPoints: entries.map(name => `src/${name}.ts`), format: 'esm', external: ['react'], plugins: [core] });
// A classic script: pages register it by URL.
await build({ ...options, entryPoints: ['src/service-worker/session-sw.ts'], format: 'iife' });

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
// Removes the types that no public type refers to.
const published = new Set();
const publish = async file => {
  if (published.has(file))
    return;
  published.add(file);
  const text = await readFile(file, 'utf8');
  await Promise.all([...text.matchAll(/from '(\.[^']*)\.ts'/g)].map(([, path]) => publish(join(dirname(file), `${path}.d.ts`))));
};
await Promise.all(entries.map(name => publish(join('dist', `${name}.d.ts`))));
for (const file of await readdir('dist', { recursive: true })) {
  if (file.endsWith('.d.ts') && !published.has(join('dist', file)))
    await rm(join('dist', file));
}
