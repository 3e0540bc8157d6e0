// Bundles the page into dist/: every file's name but the page's own has a hash of its content, so caches may keep it for good.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/main.ts', 'style.css', 'icon.svg'],
  entryNames: '[name]-[hash]',
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  loader: { '.svg': 'copy' },
  metafile: true,
  logLevel: 'warning',
});

// Whoever adds something knows what it costs: the chart library is two thirds of it.
const largest = 90_000;
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (bytes > largest)
    throw new Error(`${file} has ${bytes} bytes, and may have ${largest}.`);
}

let page = await readFile('index.html', 'utf8');
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  const name = basename(entryPoint ?? Object.keys(metafile.outputs[file].inputs)[0]).replace(/\.ts$/, '.js');
  page = page.replace(`"${name}"`, `"dashboard/${basename(file)}"`);
}
await writeFile('dist/index.html', page);
