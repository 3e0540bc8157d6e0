import { Connection } from './api/connection.ts';
import type { Problem } from './api/problem.ts';
import type { Account } from './api/wire.ts';
import { el } from './page/dom.ts';
import { messageOf } from './page/loaded.ts';
import { frame } from './page/frame.ts';
import { newAttempt, stored } from './platform.ts';
import { addresses } from './views/addresses.ts';
import { events } from './views/events.ts';
import { loginForm } from './views/login.ts';
import { overview } from './views/overview.ts';
import { users } from './views/users.ts';

const views = { overview, addresses, events, users };

const connection = new Connection({
  // This script is at dashboard/ of the API.
  base: new URL('..', import.meta.url).href,
  fetch: (...request) => fetch(...request),
  memory: stored('dashboard-'),
  newAttempt,
  onEnded: problem => showLogin().tell(sentenceOf(problem)),
});

let leave = new AbortController();

function showLogin(): { tell: (message: string) => void } {
  leave.abort();
  document.title = 'Log in - Sessions';
  const { element, tell } = loginForm(connection, showFrame);
  document.body.replaceChildren(element);
  document.querySelector('input')?.focus();
  return { tell };
}

function showFrame(account: Account, note: string | null): void {
  leave = new AbortController();
  const { elements, say } = frame(views, connection, account.email, leave.signal, () => {
    const { tell } = showLogin();
    // The session is forgotten here whatever the service answers. An answer that comes after the next login has no form to go to.
    connection.logout().catch((error: unknown) => tell(`You are logged out here, but the service doesn't know: ${messageOf(error)}`));
  });
  document.body.replaceChildren(...elements);
  document.querySelector('h1')?.focus();
  if (note !== null)
    say(note);
}

function sentenceOf({ code, message, reason }: Problem): string {
  if (code === 'other_session')
    return message;
  return reason === undefined ? 'Your session is over. Log in again.' : `Your session is over (${reason.replaceAll('_', ' ')}). Log in again.`;
}

document.body.replaceChildren(el('p', { class: 'loading' }, 'Loading …'));
try {
  const account = await connection.restore();
  if (account === null)
    showLogin();
  else
    showFrame(account, null);
} catch (error) {
  showLogin().tell(messageOf(error));
}
