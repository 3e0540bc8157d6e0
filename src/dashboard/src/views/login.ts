import type { Account } from '../../../client/src/index.ts';
import { createPasskeys } from '../../../client/src/passkeys/index.ts';
import type { AdminClient } from '../admin-client.ts';
import { button, el, field, form } from '../page/dom.ts';
import { preferences } from '../page/preferences.ts';
import { errorMessage } from '../page/section.ts';
import { texts } from '../texts/texts.ts';

/** The login form. Calls `onLogin` with the account, and a note to announce. */
export function loginForm(
  client: AdminClient, onLogin: (account: Account, note: string | null) => void, onPreferences: () => void,
): { element: HTMLElement; showError: (message: string) => void } {
  const email = el('input', { type: 'email', name: 'email', autocomplete: 'username', required: true });
  const password = el('input', { type: 'password', name: 'password', autocomplete: 'current-password', required: true });
  const stays = el('input', { type: 'checkbox', name: 'stays' });
  const submit = el('button', { type: 'submit', class: 'primary' }, texts.login.submit);
  const passkeys = createPasskeys({ ...client.anonymous, login: proof => client.login(proof, stays.checked) });
  const passkey = button(texts.login.passkey, () => void logIn(passkeys.login), { hidden: !passkeys.isSupported });
  const result = el('div', {});
  const showError = (message: string) => result.append(el('p', { class: 'problem', role: 'alert' }, message));

  async function logIn(start: () => ReturnType<AdminClient['login']>): Promise<boolean> {
    if (submit.getAttribute('aria-disabled') === 'true')
      return true;
    submit.setAttribute('aria-disabled', 'true');
    passkey.setAttribute('aria-disabled', 'true');
    result.replaceChildren();
    try {
      const login = await start();
      onLogin(login.account, stays.checked && !login.stays
        ? texts.login.noCookie
        : null);
      return true;
    } catch (error) {
      result.replaceChildren(errorMessage(error));
      return false;
    } finally {
      submit.removeAttribute('aria-disabled');
      passkey.removeAttribute('aria-disabled');
    }
  }

  async function logInByPassword(): Promise<void> {
    if (!await logIn(() => client.login({ email: email.value, password: password.value }, stays.checked)))
      password.select();
  }

  const element = el(
    'main', { class: 'login' },
    el('h1', { tabindex: -1 }, 'Sessions'),
    el('p', {}, texts.login.intro),
    form(
      { 'aria-label': texts.login.submit }, () => void logInByPassword(),
      field(texts.login.email, email),
      field(texts.login.password, password),
      el('label', { class: 'check' }, stays, texts.login.stay),
      submit,
      passkey,
      result,
    ),
    preferences(onPreferences),
  );
  return { element, showError };
}
