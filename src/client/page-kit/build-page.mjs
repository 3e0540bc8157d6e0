// Bundles a page into its dist/. File names contain a hash of the content, so that they can be cached for good.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const kit = name => fileURLToPath(new URL(name, import.meta.url));

/**
 * Builds the page in the folder of the calling script.
 * @param script The caller's `import.meta.url`.
 * @param route The last part of the page's address; its files are below it.
 * @param main The entry point.
 * @param maxBytes The size limit of a file, so that growth is a decision.
 */
export async function buildPage(script, { route, title, main, maxBytes, ...options }) {
  process.chdir(fileURLToPath(new URL('.', script)));
  await rm('dist', { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [main, 'style.css', kit('icon.svg')],
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
  let page = (await readFile(kit('index.html'), 'utf8')).replace('{{title}}', title);
  for (const [file, { bytes, entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    if (bytes > maxBytes)
      throw new Error(`${file} has ${bytes} bytes; the limit is ${maxBytes}.`);
    const name = basename(entryPoint ?? Object.keys(inputs)[0]).replace(/\.tsx?$/, '.js');
    page = page.replace(`"${name}"`, `"${route}/${basename(file)}"`);
  }
  await writeFile('dist/index.html', page);
}
