import { afterEach, expect, test } from 'vitest';
import { formatClock, formatCount, formatCountry, formatDuration, formatTime, setFormats, timeZone, toInput, toInstant } from './format.ts';
import { humanize, languageOf, nameOf, orNone, setLanguage } from './texts/texts.ts';

afterEach(() => use('en', false));

async function use(language: 'en' | 'de', isUtc: boolean): Promise<void> {
  await setLanguage(language);
  setFormats(isUtc);
}

test('counts have the separators of the language', async () => {
  expect([0, 999, 1234567].map(formatCount)).toEqual(['0', '999', '1,234,567']);
  await use('de', false);
  expect(formatCount(1234567)).toBe('1.234.567');
});

test('a country has its name, and a code that is none stays', () => {
  expect(['FR', 'ZZ', 'T1'].map(formatCountry)).toEqual(['France', 'Unknown Region', 'T1']);
});

test('times are to the second, with their zone', async () => {
  await use('en', true);
  expect(formatTime('2026-03-14T09:26:53.589Z')).toBe('Mar 14, 2026, 09:26:53 UTC');
  expect(formatTime('2026-03-14T23:30:00-02:00')).toBe('Mar 15, 2026, 01:30:00 UTC');
  expect(formatClock('2026-03-14T09:26:53.589Z')).toBe('09:26 UTC');
  expect(formatTime('whenever')).toBe('whenever');
  await use('de', true);
  expect(formatTime('2026-03-14T09:26:53.589Z')).toBe('14. März 2026, 09:26:53 UTC');
});

test('a time that is typed is of the chosen zone', async () => {
  await use('en', true);
  expect(toInstant('2026-03-14T09:26')).toBe('2026-03-14T09:26:00.000Z');
  expect(toInput('2026-03-14T09:26:53.589Z')).toBe('2026-03-14T09:26:53');
  expect(timeZone()).toBe('UTC');
  await use('en', false);
  expect(toInstant(toInput('2026-03-14T09:26:53.000Z'))).toBe('2026-03-14T09:26:53.000Z');
  expect([toInstant(''), toInput(''), toInstant('later'), toInput('later')]).toEqual(['', '', '', '']);
});

test.each([[null, 'none'], [0, '0 sec'], [59, '59 sec'], [60, '1 min'], [5400, '1.5 hr'], [86_399, '24 hr'], [86_400, '1 day'], [7_776_000, '90 days']])(
  '%s seconds are %s', (seconds, shown) => {
    expect(formatDuration(seconds)).toBe(shown);
  });

test('codes have names, in the language of the page, and those that a newer service sends become words', async () => {
  expect([nameOf('expired_idle'), nameOf('something_new'), humanize('expired_idle')]).toEqual(['Expired: not used', 'Something new', 'Expired idle']);
  await use('de', false);
  expect(nameOf('login')).toBe('Anmeldung');
});

test('the language is that of the browser if the page has it, else English', () => {
  expect(['de', 'de-AT', 'DE', 'en-GB', 'fr', ''].map(languageOf)).toEqual(['de', 'de', 'de', 'en', 'en', 'en']);
});

test('an absent value is shown as none', () => {
  expect([null, undefined, '', 'x'].map(orNone)).toEqual(['none', 'none', 'none', 'x']);
});
