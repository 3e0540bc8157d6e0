import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { barriers } from './harness/accessibility.ts';
import { Api } from './harness/api.ts';
import { freePort, repository, TestProcess } from './harness/processes.ts';

test('the commands of the README pack the client and run the example: login, protected call, reload, logout', async () => {
  const [, commands = ''] = /## In an SPA[^]*?```sh\n([^]*?)```/.exec(await readFile(join(repository, 'README.md'), 'utf8')) ?? [];
  const folder = await copyClient();
  const [base, port, apiPort] = [inject('base'), inject('examplePort'), await freePort()];
  const page = `http://localhost:${port}/`;
  const shell = new TestProcess('bash', ['-e', '-c', commands.replace(/^npm run dev\b/m, `$& -- --port ${port} --strictPort`)], {
    SESSIONS: base, API: `http://localhost:${apiPort}`, ISSUER: `${base}api`, PORT: `${apiPort}`,
    npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false',
  }, folder, true);
  try {
    await shell.answers(page, 200);
    await drive(page, await new Api(base).register(`example-${Date.now()}@example.com`));
    await promisify(execFile)('npm', ['run', 'build'], { cwd: join(folder, 'src/client/example') });
  } finally {
    shell.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);

/** What a clone has of the client, with its tools installed. */
async function copyClient(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'serverless-clone-'));
  const isMade = (file: string): boolean => /\/(node_modules|dist|package-lock\.json)$|\.tgz$/.test(file);
  // The last is the type that a test of the client is checked against.
  for (const each of ['package.json', 'src/client', 'src/Serverless.Functions/Http/openapi.json'])
    await cp(join(repository, each), join(folder, each), { recursive: true, filter: file => !isMade(file) });
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(join(repository, 'node_modules')))
    await symlink(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
  // Not the one that is built already.
  await rm(join(folder, 'node_modules/serverless-sessions-client'));
  await symlink(join(folder, 'src/client'), join(folder, 'node_modules/serverless-sessions-client'));
  return folder;
}

async function drive(address: string, { email, password }: { email: string; password: string }): Promise<void> {
  const context = await (await chromium.connect(inject('browser'))).newContext();
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    await page.goto(address);
    await page.getByLabel('Email').fill(email);
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText(/./).waitFor();
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: `Orders of ${email}` }).waitFor();
    await page.getByRole('button', { name: 'Load my orders' }).click();
    await page.getByText(/^The API knows you as \w+\.$/).waitFor();
    expect(await barriers(page)).toEqual([]);
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
