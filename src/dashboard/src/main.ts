import type { Account, EndReason } from '../../client/src/index.ts';
import { AdminClient } from './admin-client.ts';
import { el } from './page/dom.ts';
import { layout } from './page/layout.ts';
import { applyPreferences } from './page/preferences.ts';
import { messageOf } from './page/section.ts';
import { stepUp } from './page/step-up.ts';
import { nameOf, texts } from './texts/texts.ts';
import { activity } from './views/activity.ts';
import { events } from './views/events.ts';
import { flags } from './views/flags.ts';
import { health } from './views/health.ts';
import { loginForm } from './views/login.ts';
import { overview } from './views/overview.ts';
import { users } from './views/users.ts';

const views = { overview, activity, users, flags, events, health };

// This script is at dashboard/ of the API.
const client = new AdminClient(
  new URL('..', import.meta.url).href, reason => showLogin().showError(endMessage(reason)), manager => stepUp(manager, current.signal));

let current = new AbortController();

function showLogin(): { showError: (message: string) => void } {
  current.abort();
  document.title = `${texts.login.submit} - Sessions`;
  const { element, showError } = loginForm(client, showViews, showLogin);
  document.body.replaceChildren(element);
  document.querySelector('input')?.focus();
  return { showError };
}

function showViews(account: Account, note: string | null): void {
  current.abort();
  current = new AbortController();
  const { elements, announce } = layout(views, client, account, current.signal, logOut, () => showViews(account, null));
  document.body.replaceChildren(...elements);
  document.querySelector('h1')?.focus();
  if (note !== null)
    announce(note);
}

function logOut(): void {
  const { showError } = showLogin();
  // After the next login this form is detached, so an error is lost.
  client.logout().catch((error: unknown) => showError(texts.login.notTold(messageOf(error))));
}

const endMessage = (reason: EndReason | 'replaced'): string => reason === 'replaced' ? texts.errors.replaced
  : reason === 'token_invalid' ? texts.login.ended : texts.login.endedBecause(nameOf(reason));

await applyPreferences();
document.body.replaceChildren(el('p', { class: 'loading' }, texts.starting));
try {
  const account = await client.restore();
  if (account === null)
    showLogin();
  else
    showViews(account, null);
} catch (error) {
  showLogin().showError(messageOf(error));
}
