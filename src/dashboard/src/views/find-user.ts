import type { AdminClient } from '../admin-client.ts';
import { SessionError } from '../../../client/src/index.ts';
import { el, link, newId } from '../page/dom.ts';
import { type Query, toHash, toQuery } from '../page/hash.ts';
import { anySignal } from '../page/signals.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccounts } from '../wire.ts';

const userId = /^[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}$/;

export const isUserId = (text: string): boolean => userId.test(text);

/** Whether a text may be a whole email; the service refuses a beginning of one. */
export const isEmail = (text: string): boolean => /^[^@\s]+@[^@\s]*[^@\s.-]$/.test(text);

const accountsOf = async (client: AdminClient, prefix: string, signal: AbortSignal) =>
  (await client.get<AdminAccounts>(`admin/accounts${toQuery({ prefix, limit: '10' })}`, 'accounts', signal)).accounts;

/**
 * The id or email that a filter means: one of them, or the first emails that begin with it. There may be attempts with an email that has
 * no account.
 */
export async function findUsers(client: AdminClient, text: string, signal: AbortSignal): Promise<readonly string[]> {
  if (text === '' || isUserId(text))
    return [text];
  const found = (await accountsOf(client, text, signal)).map(({ email }) => email);
  if (found.length === 0 && !isEmail(text))
    throw new SessionError('invalid_option', texts.user.nobody(text));
  const whole = found.find(email => email.toLowerCase() === text.toLowerCase());
  return whole === undefined && found.length > 0 ? found : [whole ?? text];
}

/** Links to the activity of each user that a filter may mean. */
export const chooseUser = (filters: Query, emails: readonly string[]): readonly Node[] => [
  el('p', {}, texts.user.several(filters['user']!)),
  el('ul', { class: 'list' }, ...emails.map(user => el('li', {}, link(user, toHash('activity', { ...filters, user }))))),
];

const typingPause = 250;

/** Calls when the user pauses to type; its signal is aborted when the user types on. */
export function onTyping(input: HTMLInputElement, left: AbortSignal, run: (text: string, signal: AbortSignal) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = new AbortController();
  input.addEventListener('input', () => {
    clearTimeout(timer);
    latest.abort();
    latest = new AbortController();
    const signal = anySignal(left, latest.signal);
    timer = setTimeout(() => signal.aborted || run(input.value.trim(), signal), typingPause);
  });
}

/** Suggests the emails that begin with what is typed. */
export function suggestUsers(client: AdminClient, input: HTMLInputElement, left: AbortSignal): void {
  const list = el('datalist', { id: newId() });
  input.setAttribute('list', list.id);
  input.after(list);
  onTyping(input, left, (text, signal) => {
    if (text === '' || isUserId(text))
      return;
    accountsOf(client, text, signal).then(
      accounts => list.replaceChildren(...accounts.map(({ email }) => el('option', { value: email }))),
      // The list of the page says so.
      () => {});
  });
}
