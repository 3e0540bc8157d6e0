import { copyFile } from 'node:fs/promises';
import { buildPage } from '../page-kit/build-page.mjs';

// Nearly all of it is React.
await buildPage(import.meta.url, {
  route: 'demo', title: 'Session demo', main: 'src/main.tsx', maxBytes: 256_000, jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' },
});
await copyFile('../dist/service-worker/session-sw.js', 'dist/session-sw.js');
