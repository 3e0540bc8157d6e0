import { buildPage } from '../client/page-kit/build-page.mjs';

// The chart library is more than half of it.
await buildPage(import.meta.url, { route: 'dashboard', title: 'Sessions', main: 'src/main.ts', maxBytes: 90_000 });
