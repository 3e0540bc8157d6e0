import { expect, test } from 'vitest';
import { Emails } from './emails.ts';

/** Knows the email of each id, except of those that begin with `gone`. */
function create(fails: () => boolean = () => false) {
  const asked: (readonly string[])[] = [];
  const emails = new Emails(ids => {
    asked.push(ids);
    return fails() ? Promise.reject(new Error('No response.')) : Promise.resolve(ids.filter(id => !id.startsWith('gone')).map(id => ({ id, email: `${id}@example.com` })));
  });
  return { emails, asked };
}

test('the emails of a table are asked for at once, each once', async () => {
  const { emails, asked } = create();
  expect(await Promise.all(['a', 'b', 'a', 'gone'].map(id => emails.of(id)))).toEqual(['a@example.com', 'b@example.com', 'a@example.com', null]);
  expect(await emails.of('b')).toBe('b@example.com');
  expect(asked).toEqual([['a', 'b', 'gone']]);
});

test('a request has at most the ids that the service takes', async () => {
  const { emails, asked } = create();
  await Promise.all(Array.from({ length: 120 }, (_, i) => emails.of(`${i}`)));
  expect(asked.map(({ length }) => length)).toEqual([50, 50, 20]);
});

test('what is known already isn\'t asked for', async () => {
  const { emails, asked } = create();
  emails.learn({ id: 'a', email: 'jane@example.com' });
  expect([await emails.of('a'), asked]).toEqual(['jane@example.com', []]);
});

test('a failure leaves the id, and the next table asks again', async () => {
  let fails = true;
  const { emails } = create(() => fails);
  expect(await emails.of('a')).toBeNull();
  fails = false;
  expect(await emails.of('a')).toBe('a@example.com');
});

test('a thousand are kept: those that were used last', async () => {
  const { emails, asked } = create();
  emails.learn({ id: 'first', email: 'first@example.com' });
  emails.learn({ id: 'second', email: 'second@example.com' });
  await emails.of('first');
  for (let i = 0; i < 999; i += 1)
    emails.learn({ id: `${i}`, email: '' });
  await emails.of('first');
  expect(asked).toEqual([]);
  await emails.of('second');
  expect(asked).toEqual([['second']]);
});
