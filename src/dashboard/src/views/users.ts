import type { AdminClient } from '../admin-client.ts';
import { el, field, form, link, section } from '../page/dom.ts';
import { type Place, type Query, replaceQuery, toHash, toQuery } from '../page/hash.ts';
import type { View } from '../page/layout.ts';
import { announceLoaded, loadPages, type ViewContext } from '../page/section.ts';
import { growingTable } from '../page/table.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccount, AdminAccounts } from '../wire.ts';
import { stateOf } from './account.ts';
import { isEmail, isUserId, onTyping } from './find-user.ts';
import { user } from './user.ts';

/** All users page by page, those whose email begins with some letters, or one of them. */
export const users: View = { title: () => texts.users.title, show };

function show(context: ViewContext, client: AdminClient, { argument, query }: Place): readonly Node[] {
  if (argument !== '')
    return user(context, client, argument, query);

  let prefix = query['prefix'] ?? '';
  const renderTable = accountsTable();
  const list = loadPages(
    context, texts.users.what,
    async (after, signal) => {
      const get = (query: Query) => client.get<AdminAccounts>(`admin/accounts${toQuery(query)}`, 'accounts', signal);
      const page = await get({ prefix, after: after ?? '', limit: '50' });
      // An account that is older than the search by prefix.
      return page.accounts.length === 0 && isEmail(prefix) ? await get({ email: prefix }) : page;
    },
    pages => [renderTable(pages.flatMap(({ accounts }) => accounts))]);

  function search(text: string): void {
    prefix = text;
    replaceQuery('users', { prefix });
    void announceLoaded(context, list.restart());
  }

  function find(): void {
    const text = input.value.trim();
    if (isUserId(text))
      location.hash = toHash(`users/${text}`);
    else
      search(text);
  }

  const input = el('input', { type: 'text', name: 'user', value: prefix, autocomplete: 'off', spellcheck: 'false' });
  onTyping(input, context.signal, text => text === prefix || isUserId(text) || search(text));
  return [
    form(
      { class: 'search', role: 'search', 'aria-label': texts.users.find }, find,
      field(texts.users.input, input, texts.users.inputHint),
      el('div', { class: 'actions' }, el('button', { class: 'primary' }, texts.users.submit)),
    ),
    section(texts.users.accounts, list.element),
  ];
}

function accountsTable(): (rows: readonly AdminAccount[]) => HTMLElement {
  return growingTable<AdminAccount>({
    caption: texts.users.accounts, isSortable: true,
    columns: [
      { title: texts.login.email, cell: account => link(account.email, toHash(`users/${account.id}`), { title: account.id }) },
      { title: texts.account.roles, text: account => account.roles.join(', ') },
      { title: texts.account.state, cell: account => stateOf(account) },
      { title: texts.account.created, time: account => account.createdAt },
    ],
    empty: texts.users.empty,
  });
}
