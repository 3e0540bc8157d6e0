import type { SessionManager } from '../../../client/src/index.ts';
import { createPasskeys } from '../../../client/src/passkeys/index.ts';
import { button, el, field, form, newId } from './dom.ts';
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
      el('h2', { id }, 'Confirm that it\'s you'),
      el('p', {}, 'Changes need a proof that isn\'t older than a few minutes.'),
      form(
        {}, methods.password ? usePassword : usePasskey,
        methods.password ? field('Password', password) : null,
        errors,
        el(
          'div', { class: 'actions' },
          button('Cancel', () => dialog.close()),
          methods.password && methods.passkey && passkeys.isSupported ? button('Use a passkey', usePasskey) : null,
          el('button', { class: 'primary' }, methods.password ? 'Confirm' : 'Use a passkey'),
        ),
      ),
    );
    document.body.append(dialog);
    signal.addEventListener('abort', () => dialog.close(), { once: true });
    dialog.showModal();
  });
}
