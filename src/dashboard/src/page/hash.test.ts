import { afterEach, expect, test, vi } from 'vitest';
import { readHash, replaceQuery, toHash, toQuery } from './hash.ts';

afterEach(() => void vi.unstubAllGlobals());

test('a hash names a view, what it is of, and its filters', () => {
  expect(readHash('#users/00ABC?session=1f&from=2026-03-14T09%3A00%3A00.000Z'))
    .toEqual({ view: 'users', argument: '00ABC', query: { session: '1f', from: '2026-03-14T09:00:00.000Z' } });
  expect(readHash('')).toEqual({ view: '', argument: '', query: {} });
  expect(readHash('#%')).toEqual({ view: '', argument: '', query: {} });
});

test('filters survive the way through a hash, and empty ones are left out', () => {
  const query = { user: 'o\'neil+1&2=3?#@example.com', address: '2001:db8::7' };
  expect(readHash(toHash('activity', { ...query, kind: '' }))).toEqual({ view: 'activity', argument: '', query });
  expect([toHash('users'), toQuery({ after: undefined })]).toEqual(['#users', '']);
});

test('of two that change the query, neither takes away what is the other\'s', () => {
  vi.stubGlobal('location', { hash: '#users/00ABC?session=1f' });
  vi.stubGlobal('history', { replaceState: (_: null, __: string, hash: string) => void (location.hash = hash) });
  replaceQuery('users/00ABC', { action: 'login', address: '' });
  replaceQuery('users/00ABC', { session: '2f' });
  expect(location.hash).toBe('#users/00ABC?session=2f&action=login');
  replaceQuery('users/00ABC', { action: '' });
  expect(location.hash).toBe('#users/00ABC?session=2f');
});
