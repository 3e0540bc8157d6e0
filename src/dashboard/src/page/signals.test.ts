import { expect, test } from 'vitest';
import { anySignal } from './signals.ts';

test('a signal aborts with the first of several', () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const both = anySignal(one.signal, two.signal);
  expect(both.aborted).toBe(false);
  two.abort('left');
  expect(both.reason).toBe('left');
  expect(anySignal(one.signal, two.signal).aborted).toBe(true);
});
