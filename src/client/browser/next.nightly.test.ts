import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { freePort, repository, TestProcess } from './harness/processes.ts';

const files = {
  // Installed here: with its compiler it has more than 200 MB.
  'package.json': JSON.stringify({
    private: true, type: 'module',
    dependencies: { 'next': '16.4.6', 'react': '19.2.0', 'react-dom': '19.2.0', 'serverless-sessions-client': 'file:serverless-sessions-client-0.1.0.tgz' },
  }),
  'app/layout.jsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  'app/page.jsx': `'use client';
    import { createSessionManager } from 'serverless-sessions-client';
    import { SessionProvider, useSession } from 'serverless-sessions-client/react';

    const sessions = createSessionManager({ baseUrl: '/api' });

    function Status() {
      const { status, login } = useSession();
      return <button onClick={event => login({ email: 'a', password: 'b' }).catch(error => event.target.after(error.message))}>{status}</button>;
    }

    export default () => <SessionProvider manager={sessions}><Status /></SessionProvider>;`,
};

test('an app of Next.js with the packed client is built and runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serverless-next-'));
  const [port, environment] = [await freePort(), { NEXT_TELEMETRY_DISABLED: '1' }];
  const run = (program: string, args: string[], cwd = folder) => promisify(execFile)(program, args, { cwd, env: { ...process.env, ...environment } });
  const next = 'node_modules/next/dist/bin/next';
  let server: TestProcess | undefined;
  try {
    await mkdir(join(folder, 'app'));
    for (const [name, text] of Object.entries(files))
      await writeFile(join(folder, name), text);
    await run('npm', ['pack', '--workspace', 'src/client', '--pack-destination', folder, '--ignore-scripts'], repository);
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund']);
    await run('node', [next, 'build']);
    // Rendered by the build, without a page or an address.
    expect(await readFile(join(folder, '.next/server/app/index.html'), 'utf8')).toContain('<button>starting</button>');
    server = new TestProcess('node', [next, 'start', '--port', `${port}`], environment, folder);
    await server.answers(`http://localhost:${port}/`);
    await withPage(async page => {
      await page.goto(`http://localhost:${port}/`);
      await page.getByRole('button', { name: 'anonymous' }).click();
      // By the part of the client that it loads when something is wrong.
      await page.getByText(/baseUrl/).waitFor();
    });
  } finally {
    server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);

async function withPage(use: (page: Page) => Promise<void>): Promise<void> {
  const context = await (await chromium.connect(inject('browser'))).newContext();
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', error => errors.push(error.message));
    await use(page);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
}
