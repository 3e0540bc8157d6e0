// Bundles a page into its dist/: every file's name but the page's own has a hash of its content, so caches may keep it for good.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * In the working folder.
 * @param route The last part of the page's address, below which its files are.
 * @param entryPoints The files that index.html names.
 * @param largest How many bytes one of them may have, so that whoever adds something knows what it costs.
 */
export async function buildPage({ route, entryPoints, largest, ...options }) {
  await rm('dist', { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints,
    entryNames: '[name]-[hash]',
    absWorkingDir: process.cwd(),
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    loader: { '.svg': 'copy' },
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    if (bytes > largest)
      throw new Error(`${file} has ${bytes} bytes, and may have ${largest}.`);
  }

  let page = await readFile('index.html', 'utf8');
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    const name = basename(entryPoint ?? Object.keys(metafile.outputs[file].inputs)[0]).replace(/\.tsx?$/, '.js');
    page = page.replace(`"${name}"`, `"${route}/${basename(file)}"`);
  }
  await writeFile('dist/index.html', page);
}
