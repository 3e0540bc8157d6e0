import { describe, expect, test } from 'vitest';
import { type Held, isNewer, type Live, live } from './held.ts';
import { surroundingsOf } from './platform.ts';
import { memoryStorage, shelfOf } from './storage.ts';
import { createStore, type Store } from './store.ts';

const held = {
  revision: 3, id: 'a', session: { id: 'a' }, account: { id: '00A' }, generation: 1, refreshToken: null, skew: 0, pending: null,
  access: { token: 'one', expiresAt: 1, lifetime: 1 },
} as unknown as Live;

describe('of two', () => {
  test.each<[string, Held, Held, boolean]>([
    ['a later revision', { ...held, revision: 4 }, held, true],
    ['an earlier revision', { ...held, revision: 2 }, held, false],
    ['the same revision', { ...held }, held, false],
    ['the same revision with the token that is missing', held, { ...held, access: null }, true],
    ['an end that was written at the same time', { revision: 3, id: 'a', over: 'logout' }, held, true],
    ['an end that is older', { revision: 2, id: 'a', over: 'logout' }, held, true],
    ['a refresh behind an end', { ...held, revision: 9 }, { revision: 3, id: 'a', over: 'logout' }, false],
    ['another login', { ...held, revision: 4, id: 'b' }, { revision: 3, id: 'a', over: 'logout' }, true],
    ['the end of an older login', { revision: 3, id: 'b', over: 'logout' }, held, false],
  ])('%s is taken or not', (_, next, before, isTaken) => {
    expect(isNewer(next, before)).toBe(isTaken);
  });
});

describe('two tabs that don\'t hear each other', () => {
  const shelf = shelfOf(memoryStorage(), surroundingsOf().clock, () => 1000, () => {});
  const open = (keepsTokens: boolean): Store => createStore('key', shelf, keepsTokens, () => {}, () => {});

  test('write upon what the other one wrote', async () => {
    const [one, two] = [open(true), open(true)];
    await one.write(() => held);
    const first = one.current!.revision;
    await two.write(now => live(now) && { id: 'a', over: 'logout' });
    await one.write(now => live(now) && { ...held, generation: 2 });
    expect(one.current).toEqual({ revision: first + 1, id: 'a', over: 'logout' });
  });

  test('keep their token when the storage of cookie mode tells something else of the same one', async () => {
    const [one, two] = [open(false), open(false)];
    await one.write(() => ({ ...held, id: 'c' }));
    await two.write(now => ({ ...live(now)!, pending: { attempt: 'x', tries: 1, at: 0 } }));
    expect(two.live()!.access).toBeNull();
    await one.read();
    expect(one.live()).toMatchObject({ access: { token: 'one' }, pending: { tries: 1 } });
  });
});
