// Bundles each entry point into dist/ as a page will load it, with its map beside it, and its types.
import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const entries = ['index', 'drafts', 'react', 'service-worker'];
await rm('dist', { recursive: true, force: true });
const options = { outdir: 'dist', bundle: true, target: 'es2022', minify: true, sourcemap: 'linked', legalComments: 'none', logLevel: 'warning' };
await build({ ...options, entryPoints: entries.map(name => `src/${name}.ts`), format: 'esm', external: ['react'] });
// A script of its own, which a page names and doesn't import.
await build({ ...options, entryPoints: ['src/session-sw.ts'], format: 'iife' });

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', 'tsconfig.types.json'], { stdio: 'inherit' });
// The types of what is inside stay there.
const needed = new Set();
const need = async name => {
  if (needed.has(name))
    return;
  needed.add(name);
  const text = await readFile(`dist/${name}.d.ts`, 'utf8');
  await Promise.all([...text.matchAll(/from '\.\/([\w-]+)\.ts'/g)].map(([, other]) => need(other)));
};
await Promise.all(entries.map(need));
for (const file of await readdir('dist')) {
  if (file.endsWith('.d.ts') && !needed.has(file.slice(0, -5)))
    await rm(`dist/${file}`);
}
