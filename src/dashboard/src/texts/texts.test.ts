import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';

test('a flag says why in a sentence', () => {
  expect(en.flags.why({ count: 34, windowMinutes: 60, distinctAccounts: 12, failures: 31 })).toBe('34 attempts in 60 min on 12 accounts, 31 failed');
  expect(en.flags.why({ count: 1, windowMinutes: 60, distinctAccounts: 1, failures: 0 })).toBe('1 attempt in 60 min on 1 account, 0 failed');
  expect(de.flags.why({ count: 1_234, windowMinutes: 60, distinctAccounts: 1, failures: 31 })).toBe('1.234 Versuche in 60 min bei 1 Konto, 31 fehlgeschlagen');
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
