// Bundles a page into its dist/. File names contain a hash of the content, so that they can be cached for good.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'rolldown/utils';

// These pages are on the service's own origin: neither its address nor CORS can be wrong.
const withoutDiagnosis = { name: 'without-diagnosis', setup: ({ onLoad }) => onLoad({ filter: /[\\/]session[\\/]diagnosis\.ts$/ }, () => ({ contents: 'export const explain = error => error;' })) };

const kit = name => fileURLToPath(new URL(name, import.meta.url));

/**
 * Builds the page in the folder of the calling script.
 * @param script The caller's `import.meta.url`.
 * @param route The last part of the page's address; its files are below it.
 * @param main The entry point.
 * @param maxBytes The size limit of a file, so that growth is a decision.
 */
export async function buildPage(script, { route, title, main, maxBytes, plugins = [], ...options }) {
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
    plugins: [withoutDiagnosis, ...plugins],
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  let page = (await readFile(kit('index.html'), 'utf8')).replace('{{title}}', title);
  for (const [file, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const text = await readFile(file, 'utf8');
    // Minified again, a script is 4 % smaller (gzip).
    const content = file.endsWith('.js') ? (await minify(file, text, { module: true, compress: { target: 'es2022' } })).code : text;
    const bytes = Buffer.byteLength(content);
    if (bytes > maxBytes)
      throw new Error(`${file} has ${bytes} bytes; the limit is ${maxBytes}.`);
    await writeFile(file, content);
    const name = basename(entryPoint ?? Object.keys(inputs)[0]).replace(/\.tsx?$/, '.js');
    page = page.replace(`"${name}"`, `"${route}/${basename(file)}"`);
  }
  await writeFile('dist/index.html', page);
}
