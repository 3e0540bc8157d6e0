import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AdminClient } from '../admin-client.ts';
import { findUsers, isEmail, onTyping } from './find-user.ts';

const { signal } = new AbortController();

/** A service with accounts of these emails. */
const find = (text: string, ...emails: readonly string[]): Promise<readonly string[]> => findUsers({
  get: (route: string) => Promise.resolve({
    accounts: emails.filter(email => email.startsWith(new URLSearchParams(route.split('?')[1]).get('prefix')!)).map(email => ({ email })),
  }),
} as unknown as AdminClient, text, signal);

test('a user is meant by an id, an email, or the beginning of one email; that of several means any of them', async () => {
  const id = '0001ARZ3NDEKTSV4RRFFQ69G5FAV';
  expect(await find(id)).toEqual([id]);
  expect(await find('jane', 'jane@example.com', 'john@example.com')).toEqual(['jane@example.com']);
  expect(await find('j', 'jane@example.com', 'john@example.com')).toEqual(['jane@example.com', 'john@example.com']);
  expect(await find('Jane@example.co', 'jane@example.com', 'Jane@example.co', 'Jane@example.com')).toEqual(['Jane@example.co']);
});

test('a whole email may have attempts without an account, and a part of one is nobody\'s', async () => {
  expect(await find('nobody@example.com')).toEqual(['nobody@example.com']);
  for (const part of ['nobody', 'nobody@', 'nobody@example.'])
    await expect(find(part)).rejects.toThrow(`No email begins with "${part}"`);
});

test.each([
  ['jane@example.com', true], ['jane@localhost', true], ['jane@', false], ['jane@example.', false], ['jane@ex-', false], ['@example.com', false], ['a@b@c', false],
])('%s may be a whole email: %o', (text, whole) => {
  expect(isEmail(text)).toBe(whole);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what was asked while the user typed is aborted when the user types on', async () => {
  const input = Object.assign(new EventTarget(), { value: '' });
  const asked: [text: string, signal: AbortSignal][] = [];
  onTyping(input as HTMLInputElement, signal, (...each) => void asked.push(each));
  for (const text of ['j', 'ja', 'jane']) {
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await vi.advanceTimersByTimeAsync(text === 'j' ? 100 : 1_000);
  }
  expect(asked.map(([text, { aborted }]) => [text, aborted])).toEqual([['ja', true], ['jane', false]]);
});
