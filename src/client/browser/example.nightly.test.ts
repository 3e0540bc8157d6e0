import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { Api } from './harness/api.ts';
import { freePort, repository, TestProcess } from './harness/processes.ts';

const run = promisify(execFile);

test('the example runs from a packed client in a clean folder: login, protected call, reload, logout', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serverless-example-'));
  const processes: TestProcess[] = [];
  const start = (script: string[], environment: Record<string, string>): TestProcess => {
    const process = new TestProcess('node', script, environment, folder);
    processes.push(process);
    return process;
  };
  // npm is a script on Windows.
  const npm = (args: string[], cwd: string) => run('npm', args, { cwd, shell: process.platform === 'win32' });
  try {
    await cp(join(repository, 'src/client/example'), folder, { recursive: true, filter: file => !/node_modules|dist$|package-lock|\.tgz$/.test(file.slice(repository.length)) });
    await npm(['pack', '--workspace', 'src/client', '--pack-destination', folder, '--ignore-scripts'], repository);
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], folder);
    await npm(['run', 'build'], folder);

    const [base, port, apiPort] = [inject('base'), inject('examplePort'), await freePort()];
    const page = `http://localhost:${port}/`;
    await start(['api.js'], { ISSUER: `${base}api`, PORT: `${apiPort}` }).answers(`http://localhost:${apiPort}/`);
    await start(['node_modules/vite/bin/vite.js', '--port', `${port}`, '--strictPort'], { SESSIONS: base, API: `http://localhost:${apiPort}` }).answers(page);
    const who = await new Api(base).register(`example-${Date.now()}@example.com`);
    await drive(page, who);
  } finally {
    processes.forEach(process => process.stop());
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);

async function drive(address: string, { email, password }: { email: string; password: string }): Promise<void> {
  const context = await (await chromium.connect(inject('browser'))).newContext();
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    await page.goto(address);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText(/./).waitFor();
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: `Orders of ${email}` }).waitFor();
    await page.getByRole('button', { name: 'Load my orders' }).click();
    await page.getByText(/^The API knows you as \w+\.$/).waitFor();
    // The cookie alone continues the session.
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await page.getByRole('heading', { name: `Orders of ${email}` }).waitFor();
    expect((await context.cookies()).map(({ name, httpOnly }) => [name, httpOnly])).toEqual([['__Host-refresh', true]]);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
}
