import type { Connection } from '../api/connection.ts';
import type { Account } from '../api/wire.ts';
import { el, field } from '../page/dom.ts';
import { problem } from '../page/loaded.ts';

/** Asks for the email and the password of an administrator, and tells what went wrong before. */
export function loginForm(
  connection: Connection, done: (account: Account, note: string | null) => void,
): { element: HTMLElement; tell: (message: string) => void } {
  const email = el('input', { type: 'email', name: 'email', autocomplete: 'username', required: true });
  const password = el('input', { type: 'password', name: 'password', autocomplete: 'current-password', required: true });
  const stays = el('input', { type: 'checkbox', name: 'stays' });
  const button = el('button', { type: 'submit', class: 'primary' }, 'Log in');
  const result = el('div', {});
  const tell = (message: string) => result.append(el('p', { class: 'problem', role: 'alert' }, message));

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true')
      return;
    button.setAttribute('aria-disabled', 'true');
    result.replaceChildren();
    try {
      const login = await connection.login(email.value, password.value, stays.checked);
      done(login.account, stays.checked && !login.stays
        ? 'You are logged in until this page is closed or reloaded: the settings of the service let no cookie stay here.'
        : null);
    } catch (error) {
      result.replaceChildren(problem(error));
      password.select();
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  const element = el(
    'main', { class: 'login' },
    el('h1', { tabindex: -1 }, 'Sessions'),
    el('p', {}, 'For administrators. Log in with your email and password.'),
    el(
      'form', { 'aria-label': 'Log in', on: { submit: event => void submit(event) } },
      field('Email', email),
      field('Password', password),
      el('label', { class: 'check' }, stays, 'Stay logged in when the page is reloaded'),
      button,
      result,
    ),
  );
  return { element, tell };
}
