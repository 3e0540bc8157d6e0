import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Analysis, checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { expect, test } from 'vitest';

test('types resolve with each kind of module resolution, for ES modules', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'serverless-client-'));
  try {
    // npm is a script on Windows.
    await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: fileURLToPath(new URL('../', import.meta.url)), shell: process.platform === 'win32' });
    const packed = createPackageFromTarballData(await readFile(join(folder, 'serverless-sessions-client-0.1.0.tgz')));
    const result = await checkPackage(packed) as Analysis;
    const entries = Object.keys(result.entrypoints);
    expect(entries).toHaveLength(7);
    expect(new Set(result.problems.map(problem => `${problem.kind} ${'entrypoint' in problem ? problem.entrypoint : ''}`))).toEqual(new Set([
      // There is no CommonJS: a `require` needs a Node that takes modules, since 20.19.
      ...entries.map(entry => `CJSResolvesToESM ${entry}`),
      // A page registers this script, and imports nothing of it.
      'NoResolution ./session-sw.js', 'UntypedResolution ./session-sw.js',
    ]));
  } finally {
    await rm(folder, { recursive: true });
  }
});
