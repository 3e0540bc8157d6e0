import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './project.ts';

const { jobs } = parse(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')) as { jobs: { deploy: { steps: { name?: string; run?: string }[] } } };
const script = jobs.deploy.steps.find(step => step.name === 'Deploy the package')?.run ?? '';

test('publishing waits while the role of the app applies, and says so', () => {
  const { status, output } = publish('app other', ['Failed to upload blob: 403', 'Failed to upload blob: 403', '']);
  expect(output).toContain('app may not write its package yet: waiting 15 s for its role to apply (403).\nslept 15\n');
  expect(output.match(/slept \d+|published \w+/g)).toEqual(['slept 15', 'slept 30', 'published app', 'published other']);
  expect(status).toBe(0);
});

test('publishing gives up after eight minutes', () => {
  const { status, output } = publish('app', Array<string>(9).fill('(403) Forbidden'));
  expect(output.match(/slept \d+/g)).toEqual(['slept 15', 'slept 30', 'slept 60', 'slept 120', 'slept 240']);
  expect(status).toBe(1);
});

test('publishing fails at once for any other reason', () => {
  const { status, output } = publish('app', ['The package is broken']);
  expect(output).toContain('The package is broken');
  expect(output).not.toContain('slept');
  expect(status).toBe(1);
});

/** Runs the step of the workflow where `az` fails with these errors, one after the other, and succeeds with an empty one. */
function publish(apps: string, errors: string[]): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'serverless-publish-'));
  const stubs = `
    errors=(${errors.map(error => `'${error}'`).join(' ')}); n=0
    az() { local error=\${errors[n++]:-}; if [[ -n $error ]]; then echo "$error" >&2; return 1; fi; echo "published \${8}"; }
    sleep() { echo "slept $1"; }`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${stubs}\n${script}`], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], GROUP: 'group', APPS: apps } });
  rmSync(folder, { recursive: true });
  return { status, output: stdout + stderr };
}
