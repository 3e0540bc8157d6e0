import type { Account, EndReason } from '../../client/src/index.ts';
import { AdminClient } from './admin-client.ts';
import { el } from './page/dom.ts';
import { layout } from './page/layout.ts';
import { messageOf, replacedMessage } from './page/section.ts';
import { stepUp } from './page/step-up.ts';
import { addresses } from './views/addresses.ts';
import { events } from './views/events.ts';
import { loginForm } from './views/login.ts';
import { overview } from './views/overview.ts';
import { users } from './views/users.ts';

const views = { overview, addresses, events, users };

// This script is at dashboard/ of the API.
const client = new AdminClient(
  new URL('..', import.meta.url).href, reason => showLogin().showError(endMessage(reason)), manager => stepUp(manager, current.signal));

let current = new AbortController();

function showLogin(): { showError: (message: string) => void } {
  current.abort();
  document.title = 'Log in - Sessions';
  const { element, showError } = loginForm(client, showViews);
  document.body.replaceChildren(element);
  document.querySelector('input')?.focus();
  return { showError };
}

function showViews(account: Account, note: string | null): void {
  current = new AbortController();
  const { elements, announce } = layout(views, client, account.email, current.signal, () => {
    const { showError } = showLogin();
    // After the next login this form is detached, so an error is lost.
    client.logout().catch((error: unknown) => showError(`You are logged out in this browser, but the service couldn't be told: ${messageOf(error)}`));
  });
  document.body.replaceChildren(...elements);
  document.querySelector('h1')?.focus();
  if (note !== null)
    announce(note);
}

function endMessage(reason: EndReason | 'replaced'): string {
  return reason === 'replaced' ? replacedMessage
    : reason === 'token_invalid' ? 'Your session has ended. Log in again.' : `Your session has ended (${reason.replaceAll('_', ' ')}). Log in again.`;
}

document.body.replaceChildren(el('p', { class: 'loading' }, 'Loading …'));
try {
  const account = await client.restore();
  if (account === null)
    showLogin();
  else
    showViews(account, null);
} catch (error) {
  showLogin().showError(messageOf(error));
}
