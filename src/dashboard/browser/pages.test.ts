import { test } from 'vitest';
import { check, colours, show, sizes, views } from './harness/views.ts';
import { open, settled, withPage } from './harness/page.ts';

// Every combination has its turn at night (layout.nightly.test.ts).
test('each page is accessible and fits, in one colour and size', () => withPage({ bypassCSP: true }, async page => {
  await open(page);
  await settled(page);
  for (const [i, view] of views.entries()) {
    await show(page, view);
    await check(page, view, colours[i % 2]!, i % 4 < 2 ? sizes.narrow : sizes.wide);
  }
}), 120_000);
