import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Repeats every second what lasts until `finish`. */
function create() {
  const left = new AbortController();
  const state = { runs: 0, finish: () => {} };
  const again = repeat(left.signal, 1_000, () => {
    state.runs += 1;
    return new Promise<void>(resolve => void (state.finish = resolve));
  });
  return { state, again, left };
}

test('the next begins a while after the end of the one before', async () => {
  const { state } = create();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state.runs).toBe(1);
  state.finish();
  await vi.advanceTimersByTimeAsync(999);
  expect(state.runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(state.runs).toBe(2);
});

test('asked to run at once, it doesn\'t begin a second time, or wait twice', async () => {
  const { state, again } = create();
  again();
  again();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(state.runs).toBe(1);
  state.finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.runs).toBe(2);
});

test('the signal ends it', async () => {
  const left = new AbortController();
  let runs = 0;
  repeat(left.signal, 1_000, () => {
    runs += 1;
    left.abort();
    return Promise.resolve();
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs).toBe(1);
});
