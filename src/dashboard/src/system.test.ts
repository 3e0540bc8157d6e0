import { expect, test } from 'vitest';
import { joinSystem, systemOf } from './system.ts';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', 'Chrome on Windows'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15', 'Safari on Mac'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Linux'],
  ['curl/8.0', 'Unknown'],
  ['', null],
  [null, null],
])('a user agent in words: %s', (agent, words) => {
  expect(systemOf(agent)).toBe(words);
});

test('a system without a browser is named alone', () => {
  expect([joinSystem(undefined, 'Windows'), joinSystem('Firefox', undefined), joinSystem(undefined, undefined)]).toEqual(['Windows', 'Firefox', 'Unknown']);
});
