import type { Account } from '../../../client/src/index.ts';
import type { AdminClient } from '../admin-client.ts';
import { el, field } from '../page/dom.ts';
import { errorMessage } from '../page/section.ts';

/** The login form. Calls `onLogin` with the account, and a note to announce. */
export function loginForm(
  client: AdminClient, onLogin: (account: Account, note: string | null) => void,
): { element: HTMLElement; showError: (message: string) => void } {
  const email = el('input', { type: 'email', name: 'email', autocomplete: 'username', required: true });
  const password = el('input', { type: 'password', name: 'password', autocomplete: 'current-password', required: true });
  const stays = el('input', { type: 'checkbox', name: 'stays' });
  const button = el('button', { type: 'submit', class: 'primary' }, 'Log in');
  const result = el('div', {});
  const showError = (message: string) => result.append(el('p', { class: 'problem', role: 'alert' }, message));

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true')
      return;
    button.setAttribute('aria-disabled', 'true');
    result.replaceChildren();
    try {
      const login = await client.login(email.value, password.value, stays.checked);
      onLogin(login.account, stays.checked && !login.stays
        ? 'You are logged in until this page is reloaded: the service doesn\'t allow it a cookie.'
        : null);
    } catch (error) {
      result.replaceChildren(errorMessage(error));
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
  return { element, showError };
}
