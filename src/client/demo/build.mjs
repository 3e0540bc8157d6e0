import { build } from 'esbuild';
import { buildPage } from '../page-kit/build-page.mjs';

// Nearly all of it is React.
await buildPage(import.meta.url, {
  route: 'demo', title: 'Session demo', main: 'src/main.tsx', maxBytes: 265_000, jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' },
});
// A classic script at a fixed address.
await build({
  entryPoints: ['src/worker.ts'], absWorkingDir: process.cwd(), outfile: 'dist/session-sw.js', bundle: true, format: 'iife', target: 'es2022', minify: true,
  legalComments: 'none', logLevel: 'warning',
});
