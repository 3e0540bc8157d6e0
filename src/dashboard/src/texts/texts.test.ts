import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import type { AdminAccount } from '../wire.ts';

test('a flag says why in a sentence', () => {
  expect(en.flags.why({ count: 34, windowMinutes: 60, distinctAccounts: 12, failures: 31 })).toBe('34 attempts in 60 min on 12 accounts, 31 failed');
  expect(en.flags.why({ count: 1, windowMinutes: 60, distinctAccounts: 1, failures: 0 })).toBe('1 attempt in 60 min on 1 account, 0 failed');
  expect(de.flags.why({ count: 1_234, windowMinutes: 60, distinctAccounts: 1, failures: 31 })).toBe('1.234 Versuche in 60 min bei 1 Konto, 31 fehlgeschlagen');
});

const jane: AdminAccount = {
  id: '0001ARZ3NDEKTSV4RRFFQ69G5FAV', email: 'jane@example.com', roles: [], disabled: false, emailVerified: true, createdAt: '2026-03-14T09:26:53Z',
};
const [disabled, closing] = [{ ...jane, disabled: true }, { ...jane, closesAt: '2026-04-14T09:26:53Z' }];

test.each([
  [en, /by logging in/, /only an administrator/, /not erased/, /still erased/, /account is enabled/, /intruder who knows the password/],
  [de, /durch eine Anmeldung/, /nur ein Administrator/, /nicht gelöscht/, /Gelöscht wird es trotzdem/, /wird freigegeben/, /Eindringling, der das Passwort kennt/],
])('a confirmation is true of the account\'s state', ({ account, secure }, byUser, byAdministrator, kept, erased, enabled, warning) => {
  expect([jane, disabled].map(each => [byUser, byAdministrator].map(text => text.test(account.delete.question(each))))).toEqual([[true, false], [false, true]]);
  expect([disabled, closing].map(each => [kept, warning].map(text => text.test(account.enable.question(each))))).toEqual([[false, true], [true, true]]);
  expect([jane, disabled, closing].map(each => erased.test(secure.disableHint(each)))).toEqual([false, false, true]);
  expect([jane, disabled, closing].map(each => [enabled, kept].map(text => text.test(secure.passwordHint(each)))))
    .toEqual([[false, false], [true, false], [true, true]]);
});

/** The texts of an object that are the same in both languages, by their path. */
const same = (one: object, other: object, path = ''): string[] => Object.entries(one).flatMap(([key, text]) => {
  const translated = (other as Record<string, unknown>)[key];
  return typeof text === 'object' ? same(text as object, translated as object, `${path}${key}.`) : typeof text === 'string' && text === translated ? [`${path}${key}`] : [];
});

test('no text was left in English, except words that both languages have', () => {
  expect(same(en, de)).toEqual([
    'browser', 'overview.median', 'timeline.by', 'passkeys.title', 'passkeys.one', 'passkeys.name', 'events.webhook', 'health.figures.redis.name',
    'names.argon2id', 'names.pbkdf2', 'names.mac',
  ]);
});
