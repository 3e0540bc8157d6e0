import type { Connection } from '../api/connection.ts';
import type { AdminAccount, AdminAccounts } from '../api/wire.ts';
import { time } from '../format.ts';
import { el, field, timeOf } from '../page/dom.ts';
import { loaded, type Place } from '../page/loaded.ts';
import { table } from '../page/table.ts';
import { user } from './user.ts';
import type { View } from './view.ts';

/** All users page by page, or the one that is looked for. */
export const users: View = { title: 'Users', show };

const userId = /^[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}$/;

function show(place: Place, connection: Connection, argument: string): readonly Node[] {
  const [id = '', sessionId] = argument.split('/');
  if (id !== '')
    return user(place, connection, id, sessionId);

  let query = 'limit=50';
  const list = loaded(place, 'the accounts', signal => connection.get<AdminAccounts>(`admin/accounts?${query}`, signal), ({ accounts, next }) => [
    tableOf(accounts),
    ...next === undefined ? [] : [el('button', { type: 'button', 'data-key': 'next', on: { click: () => void search(`limit=50&after=${next}`) } }, 'Next page')],
  ]);

  async function search(wanted: string): Promise<void> {
    query = wanted;
    place.say('');
    if (await list.reload())
      place.say('The list is there.');
  }

  const input = el('input', { type: 'text', name: 'user', autocomplete: 'off', spellcheck: 'false' });
  const form = el(
    'form', { class: 'search', role: 'search', 'aria-label': 'Find a user', on: { submit: event => {
      event.preventDefault();
      const text = input.value.trim();
      if (userId.test(text))
        location.hash = `users/${text}`;
      else
        void search(text === '' ? 'limit=50' : `email=${encodeURIComponent(text)}`);
    } } },
    field('Email or user id', input, 'The whole of it. Left empty, all accounts are listed.'),
    el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Find')),
  );
  return [form, el('section', { 'aria-labelledby': 'accounts' }, el('h2', { id: 'accounts', tabindex: -1 }, 'Accounts'), list.element)];
}

function tableOf(accounts: readonly AdminAccount[]): HTMLElement {
  return table({
    caption: 'Accounts',
    columns: [
      { title: 'Email', cell: account => el('a', { href: `#users/${account.id}` }, account.email) },
      { title: 'Roles', cell: account => account.roles.join(', ') },
      { title: 'State', cell: account => account.disabled ? 'disabled' : 'enabled' },
      { title: 'Made', cell: account => timeOf(account.createdAt, time(account.createdAt)) },
    ],
    rows: accounts,
    empty: 'No account has this email.',
  });
}
