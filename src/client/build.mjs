// Bundles each entry point into dist/, with its source map and types.
import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const entries = ['index', 'drafts/index', 'passkeys/index', 'push/index', 'react/index', 'service-worker/index'];
// Loaded by the core when it is needed.
const diagnosis = 'session/diagnosis';
await rm('dist', { recursive: true, force: true });
// An entry that throws the core's errors imports them from it.
const core = {
  name: 'core',
  resolveId: id => id === '../index.ts' ? { id: '../index.js', external: true } : id === './diagnosis.ts' ? { id: `./${diagnosis}.js`, external: true } : null,
};
// Rolldown's minifier makes the core some 250 bytes smaller than esbuild's.
const bundle = (name, format, external = []) => build({
  input: `src/${name}.ts`, external, plugins: [core],
  output: { file: `dist/${name}.js`, format, minify: true, comments: { annotation: false }, sourcemap: true }, transform: { target: 'es2022' },
  // Rolldown warns about React's directive, but keeps it.
  onLog: (level, log, report) => log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log),
});
await Promise.all([...entries, diagnosis].map(name => bundle(name, 'esm', ['react'])));
// A classic script: pages register it by URL.
await bundle('service-worker/session-sw', 'iife');

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
