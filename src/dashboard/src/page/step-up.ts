import type { SessionManager } from '../../../client/src/index.ts';
import { createPasskeys } from '../../../client/src/passkeys/index.ts';
import { button, el, field, form, newId } from './dom.ts';
import { texts } from '../texts/texts.ts';
import { errorMessage } from './section.ts';

/** Asks for a fresh proof in a modal dialog; rejects if it is cancelled. The browser restores the focus. */
export async function stepUp(manager: SessionManager, signal: AbortSignal): Promise<void> {
  const passkeys = createPasskeys(manager);
  const methods = await passkeys.stepUpMethods();
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const id = newId();
    const errors = el('div', {});
    const password = el('input', { type: 'password', name: 'proof', autocomplete: 'current-password', required: true });
    let isBusy = false;

    async function prove(proof: () => Promise<void>): Promise<void> {
      if (isBusy)
        return;
      isBusy = true;
      errors.replaceChildren();
      try {
        await proof();
        resolve();
        dialog.close();
      } catch (error) {
        errors.replaceChildren(errorMessage(error));
      } finally {
        isBusy = false;
      }
    }

    const usePasskey = (): void => void prove(() => passkeys.stepUp({ signal }));
    const usePassword = (): void => void prove(() => manager.stepUp({ password: password.value }));
    const dialog = el(
      'dialog', { 'aria-labelledby': id, on: { close: () => {
        dialog.remove();
        // Without effect after a proof.
        reject(new Error('Cancelled.'));
      } } },
      el('h2', { id }, texts.stepUp.title),
      el('p', {}, texts.stepUp.why),
      form(
        {}, methods.password ? usePassword : usePasskey,
        methods.password ? field(texts.login.password, password) : null,
        errors,
        el(
          'div', { class: 'actions' },
          button(texts.cancel, () => dialog.close()),
          methods.password && methods.passkey && passkeys.isSupported ? button(texts.login.passkey, usePasskey) : null,
          el('button', { class: 'primary' }, methods.password ? texts.stepUp.confirm : texts.login.passkey),
        ),
      ),
    );
    document.body.append(dialog);
    signal.addEventListener('abort', () => dialog.close(), { once: true });
    dialog.showModal();
  });
}
