import type { AdminClient } from '../admin-client.ts';
import { button, el, field, form, section } from '../page/dom.ts';
import type { View } from '../page/layout.ts';
import { loadSection, type ViewContext } from '../page/section.ts';
import { table } from '../page/table.ts';
import type { AdminAccount, AdminAccounts } from '../wire.ts';
import { stateOf } from './account.ts';
import { user } from './user.ts';

/** All users page by page, or one of them. */
export const users: View = { title: 'Users', show };

const userId = /^[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}$/;

function show(context: ViewContext, client: AdminClient, argument: string): readonly Node[] {
  const [id = '', sessionId] = argument.split('/');
  if (id !== '')
    return user(context, client, id, sessionId);

  let query = 'limit=50';
  const list = loadSection(context, 'the accounts', signal => client.get<AdminAccounts>(`admin/accounts?${query}`, 'accounts', signal), ({ accounts, next }) => [
    renderTable(accounts),
    ...next === undefined ? [] : [button('Next page', () => void search(`limit=50&after=${next}`), { 'data-key': 'next' })],
  ]);

  async function search(newQuery: string): Promise<void> {
    query = newQuery;
    context.announce('');
    if (await list.reload())
      context.announce('List loaded.');
  }

  function find(): void {
    const text = input.value.trim();
    if (userId.test(text))
      location.hash = `users/${text}`;
    else
      void search(text === '' ? 'limit=50' : `email=${encodeURIComponent(text)}`);
  }

  const input = el('input', { type: 'text', name: 'user', autocomplete: 'off', spellcheck: 'false' });
  return [
    form(
      { class: 'search', role: 'search', 'aria-label': 'Find a user' }, find,
      field('Email or user id', input, 'Exact match. Leave empty to list all accounts.'),
      el('div', { class: 'actions' }, el('button', { class: 'primary' }, 'Find')),
    ),
    section('Accounts', list.element),
  ];
}

function renderTable(rows: readonly AdminAccount[]): HTMLElement {
  return table({
    caption: 'Accounts',
    columns: [
      { title: 'Email', cell: account => el('a', { href: `#users/${account.id}` }, account.email) },
      { title: 'Roles', cell: account => account.roles.join(', ') },
      { title: 'State', cell: account => stateOf(account) },
      { title: 'Created', time: account => account.createdAt },
    ],
    rows,
    empty: 'No account with this email.',
  });
}
