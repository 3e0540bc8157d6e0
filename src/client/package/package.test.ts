import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, test } from 'vitest';

// The build output, as it would be published.
const folder = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

const entries = ['drafts/index', 'index', 'passkeys/index', 'push/index', 'react/index', 'service-worker/index'];
// Loaded by the core when it is needed.
const diagnosis = 'session/diagnosis';
// Registered by URL, not imported.
const worker = './dist/service-worker/session-sw.js';

test('the core has at most 7.5 kB, and nothing of passkeys or push', async () => {
  const core = await readFile(join(folder, 'dist/index.js'));
  expect(gzipSync(core, { level: 9 }).length).toBeLessThanOrEqual(7500);
  expect(core.toString()).not.toMatch(/PublicKeyCredential|navigator\.credentials|pushManager/);
});

test('npm packs the built files and the README, and nothing else', async () => {
  // npm is a script on Windows.
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder, shell: process.platform === 'win32' });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path).toSorted()).toEqual([
    'README.md', ...entries.flatMap(name => [`dist/${name}.d.ts`, `dist/${name}.js`, `dist/${name}.js.map`]),
    ...['api/error', 'api/wire', 'platform/platform', 'push/worker', 'react/hooks', 'react/indicator', 'session/manager', 'session/options', 'session/types'].map(name => `dist/${name}.d.ts`),
    ...['service-worker/session-sw', diagnosis].flatMap(name => [`dist/${name}.js`, `dist/${name}.js.map`]), 'package.json',
  ].toSorted());
});

describe('the package', () => {
  test('has no run-time dependency, except React as a peer of its React binding', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, object>;
    const { dependencies, peerDependencies, peerDependenciesMeta } = manifest;
    expect([dependencies, peerDependencies, peerDependenciesMeta]).toEqual([undefined, { react: '>=18' }, { react: { optional: true } }]);
    for (const name of [...entries, diagnosis, 'service-worker/session-sw']) {
      const script = await readFile(join(folder, `dist/${name}.js`), 'utf8');
      const imported = [...script.matchAll(/\bfrom"([^"]*)"/g)].map(([, module]) => module);
      // The errors of the core, so that they are the same class.
      expect([name, [...new Set(imported)]]).toEqual([name, name === 'react/index' ? ['react'] : ['passkeys/index', 'push/index', diagnosis].includes(name) ? ['../index.js'] : []]);
      expect(script.replaceAll(/\bimport(\{[^}]*\}from"(react|\.\.\/index\.js)"|\(`\.\/session\/diagnosis\.js`\))/g, '')).not.toMatch(/\bimport\b|\brequire\b/);
    }
  });

  test('has a worker that is a classic script', async () => {
    expect(await readFile(join(folder, worker), 'utf8')).not.toMatch(/\bexport\b/);
  });

  test('exports what its entry points have', async () => {
    const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { exports: Record<string, string | { types: string; default: string }> };
    expect(Object.values(exports).flatMap(each => typeof each === 'string' ? each : [each.types, each.default]).toSorted())
      .toEqual([...entries.flatMap(name => [`./dist/${name}.d.ts`, `./dist/${name}.js`]), worker].toSorted());
    expect(await readdir(join(folder, 'dist'), { recursive: true })).toEqual(expect.arrayContaining(entries.flatMap(name => [`${name}.d.ts`, `${name}.js`])));
  });

  test('can be tree-shaken', async () => {
    const { outputFiles: [bundle] } = await build({
      stdin: { contents: 'import { SessionError } from "serverless-sessions-client"; console.log(SessionError)', resolveDir: folder },
      bundle: true, format: 'esm', minify: true, write: false, alias: { 'serverless-sessions-client': join(folder, 'dist/index.js') },
    });
    expect(bundle!.contents.length).toBeLessThan(400);
  });

  test('has passkeys whose errors are those of the core', async () => {
    const [{ createSessionManager, SessionError }, { createPasskeys }] = await Promise.all(['index', 'passkeys/index'].map(name => import(new URL(`../dist/${name}.js`, import.meta.url).href))) as
      [typeof import('../src/index.ts'), typeof import('../src/passkeys/index.ts')];
    const manager = createSessionManager({ baseUrl: 'https://sessions.example.com/api' });
    expect(createPasskeys(manager).isSupported).toBe(false);
    await expect(createPasskeys(manager).register()).rejects.toBeInstanceOf(SessionError);
    manager.close();
  });

  test.each(['import', 'require'])('can be loaded outside of a browser, with %s', async load => {
    // Without a page, and with nothing that keeps the process, such as one that builds pages.
    const script = `(async () => (await ${load}('serverless-sessions-client')).createSessionManager({ baseUrl: '/api' }).state.status)().then(console.log)`;
    await expect(run(process.execPath, ['-e', script], { cwd: folder, timeout: 10_000 })).resolves.toMatchObject({ stdout: 'anonymous\n' });
  });

  test('has a React binding that a server renders', async () => {
    // Marks client components.
    expect(await readFile(join(folder, 'dist/react/index.js'), 'utf8')).toMatch(/^"use client";/);
    const [{ createSessionManager }, { SessionProvider, useSession }] = await Promise.all(['index', 'react/index'].map(name => import(new URL(`../dist/${name}.js`, import.meta.url).href))) as
      [typeof import('../src/index.ts'), typeof import('../src/react/index.ts')];
    const manager = createSessionManager({ baseUrl: '/api' });
    const Status = (): string => useSession().status;
    expect(renderToString(createElement(SessionProvider, { manager }, createElement(Status)))).toBe('starting');
    manager.close();
  });

  test.each(['bundler', 'nodenext'])('has types for strict programs with module resolution %s, and for the examples of docs/client.md', async resolution => {
    const project = await mkdtemp(join(tmpdir(), 'serverless-client-'));
    const resolve = (module: string): string => dirname(createRequire(import.meta.url).resolve(`${module}/package.json`));
    try {
      await writeFile(join(project, 'package.json'), '{ "type": "module" }');
      await mkdir(join(project, 'node_modules/@types'), { recursive: true });
      await symlink(folder, join(project, 'node_modules/serverless-sessions-client'), 'junction');
      await symlink(resolve('@types/react'), join(project, 'node_modules/@types/react'), 'junction');
      await writeFile(join(project, 'tsconfig.json'), JSON.stringify({
        compilerOptions: {
          strict: true, noEmit: true, target: 'es2022', module: resolution === 'bundler' ? 'esnext' : resolution, moduleResolution: resolution,
          lib: ['es2022', 'dom'], types: [], skipLibCheck: false, exactOptionalPropertyTypes: true, jsx: 'react-jsx',
        },
        files: ['app.ts', 'passkeys.ts', 'react.tsx', 'worker.ts'],
      }));
      await writeFile(join(project, 'app.ts'), `
        import { createPasskeys, type Passkey, type Passkeys } from 'serverless-sessions-client/passkeys';
        import { createSessionManager, SessionError, type Account, type AccountExport, type Accounts, type EndReason } from 'serverless-sessions-client';
        const manager = createSessionManager({ baseUrl: '/api', storage: sessionStorage });
        const off: () => void = manager.on('ended', ({ reason }: { reason: EndReason }) => console.log(reason));
        manager.login({ email: '', password: '' }).then(state => state.status === 'active' && state.account.roles, error => error instanceof SessionError && error.code === 'account_locked');
        const accounts: Accounts = manager.accounts;
        const registered: Promise<Account | undefined> = accounts.register({ email: '', password: '' });
        accounts.export().then((data: AccountExport) => data.account.email);
        accounts.verifyEmail({ token: '' }).catch(error => error instanceof SessionError && error.code === 'token_invalid');
        manager.login({ email: '', password: '', restore: true }).catch(error => error instanceof SessionError && error.code === 'account_closing');
        const { status, account } = manager.state;
        const email: string | null = status === 'active' ? account.email : account;
        // @ts-expect-error A change needs the new password.
        accounts.changePassword({ currentPassword: '' });
        const passkeys: Passkeys = createPasskeys(manager);
        passkeys.list().then((list: readonly Passkey[]) => list.map(({ name }) => name));
        // @ts-expect-error There is no such event.
        manager.on('finished', off);
      `);
      const docs = await readFile(join(folder, '../../docs/client.md'), 'utf8');
      const [[, react = ''] = []] = docs.matchAll(/```tsx\n([^]*?)```/g);
      const [, stepUp, passkeys, , ...blocks] = [...docs.matchAll(/```ts\n([^]*?)```/g)].map(([, block]) => block);
      expect([stepUp, passkeys, react, ...blocks].map(block => block?.split('\n')[0])).toEqual([
        expect.stringContaining('onStepUp'), expect.stringContaining('/passkeys'), expect.stringContaining('serverless-sessions-client'), expect.stringContaining('/service-worker'), expect.stringContaining('sessions.fetch'),
        expect.stringContaining('createPush'), expect.stringContaining('handlePush'),
      ]);
      await writeFile(join(project, 'react.tsx'), react);
      await writeFile(join(project, 'passkeys.ts'), `import { createSessionManager } from 'serverless-sessions-client';
        declare const askForPassword: () => Promise<string>;\n${stepUp}\n${passkeys}`);
      await writeFile(join(project, 'worker.ts'), `import { createSessionManager } from 'serverless-sessions-client';
        const sessions = createSessionManager({ baseUrl: '/api' });
        declare const button: HTMLButtonElement;\n${blocks.join('\n')}`);
      await expect(run(process.execPath, [join(resolve('typescript'), 'bin/tsc'), '-p', project])).resolves.toMatchObject({ stdout: '' });
    } finally {
      await rm(project, { recursive: true });
    }
  });
});
