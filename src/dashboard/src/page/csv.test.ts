import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('rows are lines of quoted cells', () => {
  expect(toCsv([['Email', 'Logins'], ['"Jane" <jane@example.com>', '1,234'], ['two\nlines', '']]))
    .toBe('"Email","Logins"\r\n"""Jane"" <jane@example.com>","1,234"\r\n"two\nlines",""\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('a cell that a spreadsheet would run is text: %j', formula => {
  expect(toCsv([[formula]])).toBe(`"'${formula}"\r\n`);
});
