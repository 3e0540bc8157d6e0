import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './harness/processes.ts';
import { withTabs } from './harness/tabs.ts';

test.each(['README.md', 'src/client/README.md'])('the five lines of %s log in, fetch, and report the end of the session', file => withTabs(async ({ proxy, context, who }) => {
  const [, lines = ''] = /```ts\n([^]*?)```/.exec(await readFile(join(repository, file), 'utf8')) ?? [];
  expect(lines.trim().split('\n')).toHaveLength(5);
  const script = lines.replace('\'serverless-sessions-client\'', '\'/index.js\'').replaceAll('http://localhost:7071/', proxy.base);
  const page = await context.newPage();
  await page.goto(proxy.base);
  await page.evaluate(({ email, password }) => Object.assign(window, { email, password, reasons: [], showLogin: (reason: string) => (window as never as { reasons: string[] }).reasons.push(reason) }), who);
  await page.addScriptTag({ type: 'module', content: `${script}; window.result = { sessions, body: await answer.json() };` });
  await page.waitForFunction(() => 'result' in window);

  const read = <T>(expression: string): Promise<T> => page.evaluate(expression);
  expect(await read('result.body.sessions.map(session => session.current)')).toEqual([true]);
  await read('result.sessions.logout()');
  expect(await read('reasons')).toEqual(['logout']);
}));
