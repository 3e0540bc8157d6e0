import { expect, test } from 'vitest';
import { readHash, toHash, toQuery } from './hash.ts';

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
