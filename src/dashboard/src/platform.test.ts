import { afterEach, describe, expect, test, vi } from 'vitest';
import { anyOf, newAttempt, stored } from './platform.ts';

afterEach(() => vi.unstubAllGlobals());

const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

test('an attempt is another one each time, also on a page that isn\'t secure and has no randomUUID', () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const attempts = Array.from({ length: 100 }, newAttempt);
  expect(new Set(attempts).size).toBe(100);
  for (const attempt of attempts)
    expect(attempt).toMatch(/^[\w-]{8,128}$/);
});

describe.each([['with', AbortSignal.any.bind(AbortSignal)], ['without', undefined]])('%s AbortSignal.any', (_, any) => {
  const [one, two] = [new AbortController(), new AbortController()];

  test('a signal ends with the first of several', () => {
    vi.stubGlobal('AbortSignal', { any, abort: AbortSignal.abort.bind(AbortSignal) });
    const both = anyOf(one.signal, two.signal);
    expect(both.aborted).toBe(false);
    two.abort();
    expect(both.aborted).toBe(true);
    expect(anyOf(one.signal, two.signal).aborted).toBe(true);
  });
});

test.each<[string, () => void]>([
  ['none to look at', () => {
    vi.stubGlobal('localStorage', undefined);
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: refuse });
  }],
  ['null', () => vi.stubGlobal('localStorage', null)],
  ['one that is full or refuses', () => vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })],
])('where localStorage is %s, nothing is remembered', (_, prepare) => {
  prepare();
  const memory = stored('test-');
  memory.set('stays', 'a');
  memory.set('attempt', null);
  expect(memory.get('stays')).toBeNull();
});
