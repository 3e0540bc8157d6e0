import { formatTime } from '../format.ts';
import { ask } from '../page/ask.ts';
import { button, definitions, el, section, time } from '../page/dom.ts';
import { loadSection, runAction } from '../page/section.ts';
import { orNone, texts } from '../texts/texts.ts';
import type { AdminAccount } from '../wire.ts';
import { endingSessions } from './ending-sessions.ts';
import { askRoles } from './roles.ts';
import { secure } from './secure.ts';
import type { UserPage } from './user.ts';

interface Act {
  /** The route below the account, unless `body` changes the account itself. */
  readonly key: string;
  readonly body?: object;
  /** Of the answer, if there is no change: 204 by default. */
  readonly status?: number;
  readonly isDanger?: boolean;
  readonly endsSessions?: boolean;
  /** What the service would always refuse isn't offered. */
  readonly isOffered: (account: AdminAccount, isOwn: boolean) => boolean;
  readonly texts: () => { readonly text: string; readonly question: (account: AdminAccount) => string; readonly done: string };
}

const isOpen = ({ closesAt }: AdminAccount): boolean => closesAt === undefined;
const isAdministrator = ({ roles }: AdminAccount): boolean => roles.includes('admin');

const acts: readonly Act[] = [
  {
    key: 'disable', body: { disabled: true }, isDanger: true, endsSessions: true, texts: () => texts.account.disable,
    isOffered: (account, isOwn) => !account.disabled && isOpen(account) && !isOwn,
  },
  {
    key: 'enable', body: { disabled: false }, texts: () => texts.account.enable,
    isOffered: account => account.disabled,
  },
  {
    key: 'restore', body: { disabled: false }, texts: () => texts.account.restore,
    isOffered: account => !account.disabled && !isOpen(account),
  },
  {
    key: 'password-reset', status: 202, texts: () => texts.account.reset,
    isOffered: account => !account.disabled && isOpen(account),
  },
  {
    key: 'email-verification', texts: () => texts.account.verify,
    isOffered: account => !account.emailVerified && isOpen(account),
  },
  {
    key: 'deletion', isDanger: true, endsSessions: true, texts: () => texts.account.delete,
    isOffered: account => isOpen(account) && !isAdministrator(account),
  },
];

/** A user's account, and what an administrator can do for its owner. */
export function account(page: UserPage, onLoaded: (account: AdminAccount) => void) {
  const { context, client, route } = page;
  const errors = el('div', {});
  const offer = (key: string, text: string, act: () => Promise<string | null>, style?: string | false): HTMLElement =>
    button(text, () => void runAction(context, errors, act(), page.reload), { 'data-key': key, class: style });
  const loaded = loadSection(context, texts.account.what, async signal => {
    const shown = await client.get<AdminAccount>(route, 'id', signal);
    onLoaded(shown);
    return shown;
  }, shown => {
    const isOwn = shown.id === context.administrator;
    return [
      renderAccount(shown),
      el(
        'p', { class: 'actions' },
        isOwn ? null : offer('secure', texts.secure.text, () => secure(page, shown), 'danger strong'),
        ...acts.filter(({ isOffered }) => isOffered(shown, isOwn)).map(act =>
          offer(act.key, act.texts().text, () => run(act, shown), act.isDanger === true && 'danger')),
        offer('roles', texts.roles.text, () => askRoles(page, shown)),
      ),
      ...isOwn ? [el('p', { class: 'hint' }, texts.account.own)] : [],
      ...isAdministrator(shown) && isOpen(shown) ? [el('p', { class: 'hint' }, texts.account.ofAdministrator)] : [],
    ];
  });

  /** Does it after a confirmation; resolves to what was done, or null if it was cancelled. */
  async function run(act: Act, shown: AdminAccount): Promise<string | null> {
    const { signal } = context;
    const { text, question, done } = act.texts();
    const ending = act.endsSessions === true ? endingSessions(page) : null;
    const content = [el('p', {}, question(shown)), ending && ending.element, el('p', { class: 'hint' }, texts.onRecord)];
    if (await ask({ title: text, content, answers: [['yes', text, act.isDanger]], ready: ending?.loaded }, signal) === null)
      return null;
    await (act.body
      ? client.send<AdminAccount>('PATCH', route, { body: act.body, required: 'id', signal })
      : client.send('POST', `${route}/${act.key}`, { empty: act.status ?? 204, signal }));
    return done;
  }

  return { element: section(texts.account.title, errors, loaded.element), reload: loaded.reload };
}

export const stateOf = ({ disabled, closesAt }: AdminAccount): string => closesAt !== undefined
  ? (disabled ? texts.account.disabledClosing : texts.account.closing)(formatTime(closesAt))
  : disabled ? texts.account.disabled : texts.account.active;

const renderAccount = (shown: AdminAccount): HTMLElement => definitions('facts', [
  [texts.login.email, shown.email],
  [texts.account.verified, shown.emailVerified ? texts.yes : texts.no],
  [texts.account.id, el('span', { class: 'id' }, shown.id)],
  [texts.account.roles, orNone(shown.roles.join(', '))],
  [texts.account.state, stateOf(shown)],
  [texts.account.created, time(shown.createdAt)],
]);
