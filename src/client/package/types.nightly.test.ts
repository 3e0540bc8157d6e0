import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { expect, test } from 'vitest';

test('types resolve with each kind of module resolution', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serverless-client-'));
  try {
    // npm is a script on Windows.
    await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: fileURLToPath(new URL('../', import.meta.url)), shell: process.platform === 'win32' });
    const packed = createPackageFromTarballData(await readFile(join(folder, 'serverless-sessions-client-0.1.0.tgz')));
    // The script of the service worker is registered, not imported.
    const result = await checkPackage(packed, { excludeEntrypoints: ['./session-sw.js'] });
    // CommonJS needs the `require` of modules that Node has since 20.19.
    expect(result.types && result.problems.filter(({ kind }) => kind !== 'CJSResolvesToESM')).toEqual([]);
    expect(Object.keys((result as { entrypoints: object }).entrypoints)).toHaveLength(6);
  } finally {
    await rm(folder, { recursive: true });
  }
});
