import type { AdminClient } from '../admin-client.ts';
import { formatTime, orNone } from '../format.ts';
import { confirm } from '../page/confirm.ts';
import { button, definitions, el, section } from '../page/dom.ts';
import { loadSection, runAction, type ViewContext } from '../page/section.ts';
import type { AdminAccount } from '../wire.ts';

interface Action {
  readonly route: string;
  readonly text: string;
  /** Of the answer. */
  readonly status: 202 | 204;
  readonly isDanger?: boolean;
  readonly isOffered: (account: AdminAccount) => boolean;
  /** What will happen. */
  readonly question: (email: string) => string;
  readonly done: string;
}

const actions: readonly Action[] = [
  {
    route: 'password-reset', text: 'Send password reset', status: 202,
    isOffered: ({ disabled, closesAt }) => !disabled && closesAt === undefined,
    question: email => `Send ${email} a link to set a new password? It works for an hour. Until it is used, password and sessions stay as they are.`,
    done: 'The link is on its way.',
  },
  {
    route: 'email-verification', text: 'Mark email verified', status: 204,
    isOffered: ({ emailVerified, closesAt }) => !emailVerified && closesAt === undefined,
    question: email => `Mark ${email} as verified? No mail is sent; the user can log in as if the link had been used.`,
    done: 'The email is verified.',
  },
  {
    route: 'deletion', text: 'Delete account', status: 204, isDanger: true,
    isOffered: ({ closesAt }) => closesAt === undefined,
    question: email => `Delete the account of ${email}? All its sessions end now. Its data and history are erased after the grace period; `
      + 'until then, the user can log in to restore it.',
    done: 'The account is closed.',
  },
];

/** A user's account, and what an administrator can do for its owner. */
export function account(context: ViewContext, client: AdminClient, route: string, onDone: () => void): HTMLElement {
  const errors = el('div', {});
  const loaded = loadSection(context, 'the account', signal => client.get<AdminAccount>(route, 'id', signal), answer => [
    renderAccount(answer),
    el('p', { class: 'actions' }, ...actions.filter(({ isOffered }) => isOffered(answer)).map(action =>
      button(action.text, () => void run(action, answer.email), { 'data-key': action.route, class: action.isDanger && 'danger' }))),
  ]);

  async function run({ route: name, text, status, isDanger = false, question, done }: Action, email: string): Promise<void> {
    if (!await confirm(question(email), text, context.signal, isDanger)
      || !await runAction(context, errors, client.send('POST', `${route}/${name}`, context.signal, status)))
      return;
    onDone();
    await loaded.reload();
    context.announce(done);
  }

  return section('Account', errors, loaded.element);
}

export const stateOf = ({ disabled, closesAt }: AdminAccount): string =>
  closesAt !== undefined ? `closing, erased after ${formatTime(closesAt)}` : disabled ? 'disabled' : 'active';

const renderAccount = (shown: AdminAccount): HTMLElement => definitions('facts', [
  ['Email', shown.email],
  ['Verified', shown.emailVerified ? 'yes' : 'no'],
  ['Id', shown.id],
  ['Roles', orNone(shown.roles.join(', '))],
  ['State', stateOf(shown)],
  ['Created', formatTime(shown.createdAt)],
]);
