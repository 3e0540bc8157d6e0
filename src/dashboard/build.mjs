import { readFile } from 'node:fs/promises';
import { buildPage } from '../client/page-kit/build-page.mjs';

// uPlot assigns its chart types to properties, which keeps unused ones in the bundle. The charts are lines.
const linesOnly = {
  name: 'lines-only',
  setup: ({ onLoad }) => onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => ({
    contents: (await readFile(path, 'utf8')).replace(/\(paths\.(stepped|bars|spline) += \w+\);|uPlot\.join = join;/g, ''),
  })),
};

// The chart library is half of it.
await buildPage(import.meta.url, { route: 'dashboard', title: 'Sessions', main: 'src/main.ts', maxBytes: 96_000, plugins: [linesOnly] });
