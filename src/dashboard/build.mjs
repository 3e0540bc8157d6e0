import { buildPage } from '../client/page-kit/build-page.mjs';

await buildPage(import.meta.url, { route: 'dashboard', title: 'Sessions', main: 'src/main.ts', maxBytes: 100_000, splitting: true, chunkNames: '[name]-[hash]' });
