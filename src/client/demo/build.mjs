import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildPage } from '../../dashboard/page.mjs';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
// Nearly all of it is React.
await buildPage({
  route: 'demo',
  entryPoints: ['src/main.tsx', 'style.css', 'icon.svg'],
  largest: 240_000,
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
});
await copyFile('../dist/session-sw.js', 'dist/session-sw.js');
