import { describe, expect, test } from 'vitest';
import { type StoredSession, isNewer, type ActiveSession, activeOf } from './stored-session.ts';
import { platformOf } from '../platform/platform.ts';
import { memoryStorage, safeStorage } from '../platform/storage.ts';
import { createStore, type SessionStore } from './store.ts';

const active = {
  revision: 3, id: 'a', session: { id: 'a' }, account: { id: '00A' }, generation: 1, refreshToken: null, skew: 0, pending: null,
  access: { token: 'one', expiresAt: 1, lifetime: 1 },
} as unknown as ActiveSession;

describe('of two records', () => {
  test.each<[string, StoredSession, StoredSession, boolean]>([
    ['a later revision', { ...active, revision: 4 }, active, true],
    ['an earlier revision', { ...active, revision: 2 }, active, false],
    ['the same revision', { ...active }, active, false],
    ['the same revision with the token that is missing', active, { ...active, access: null }, true],
    ['an end that was written at the same time', { revision: 3, id: 'a', endReason: 'logout' }, active, true],
    ['an end that is older', { revision: 2, id: 'a', endReason: 'logout' }, active, true],
    ['a refresh behind an end', { ...active, revision: 9 }, { revision: 3, id: 'a', endReason: 'logout' }, false],
    ['another login', { ...active, revision: 4, id: 'b' }, { revision: 3, id: 'a', endReason: 'logout' }, true],
    ['the end of an older login', { revision: 3, id: 'b', endReason: 'logout' }, active, false],
  ])('%s wins or not', (_, next, before, isTaken) => {
    expect(isNewer(next, before)).toBe(isTaken);
  });
});

describe('two tabs without a channel', () => {
  const storage = safeStorage(memoryStorage(), platformOf().clock, () => 1000, () => null);
  const open = (keepsTokens: boolean): SessionStore => createStore('key', storage, keepsTokens, () => {}, () => {});

  test('write on top of each other\'s records', async () => {
    const [one, two] = [open(true), open(true)];
    await one.write(() => active);
    const first = one.current!.revision;
    await two.write(now => activeOf(now) && { id: 'a', endReason: 'logout' });
    await one.write(now => activeOf(now) && { ...active, generation: 2 });
    expect(one.current).toEqual({ revision: first + 1, id: 'a', endReason: 'logout' });
  });

  test('keep their access token when the storage of cookie mode has a newer record without it', async () => {
    const [one, two] = [open(false), open(false)];
    await one.write(() => ({ ...active, id: 'c' }));
    await two.write(now => ({ ...activeOf(now)!, pending: { attempt: 'x', tries: 1, at: 0 } }));
    expect(two.active()!.access).toBeNull();
    await one.read();
    expect(one.active()).toMatchObject({ access: { token: 'one' }, pending: { tries: 1 } });
  });
});
