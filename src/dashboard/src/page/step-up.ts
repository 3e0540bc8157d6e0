import type { SessionManager } from '../../../client/src/index.ts';
import { createPasskeys } from '../../../client/src/passkeys/index.ts';
import { texts } from '../texts/texts.ts';
import { showDialog } from './dialog.ts';
import { button, el, field, form } from './dom.ts';
import { errorMessage } from './section.ts';

/** Asks for a fresh proof in a modal dialog; rejects if it is cancelled. The browser restores the focus. */
export async function stepUp(manager: SessionManager, signal: AbortSignal): Promise<void> {
  const passkeys = createPasskeys(manager);
  const methods = await passkeys.stepUpMethods();
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
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
    const content = form(
      {}, methods.password ? usePassword : usePasskey,
      methods.password ? field(texts.login.password, password) : null,
      errors,
      el(
        'div', { class: 'actions' },
        button(texts.cancel, () => dialog.close()),
        methods.password && methods.passkey && passkeys.isSupported ? button(texts.login.passkey, usePasskey) : null,
        el('button', { class: 'primary' }, methods.password ? texts.stepUp.confirm : texts.login.passkey),
      ),
    );
    // Without effect after a proof.
    const onClose = (): void => reject(new Error('Cancelled.'));
    const dialog = showDialog(texts.stepUp.title, [el('p', {}, texts.stepUp.why), content], signal, onClose);
  });
}
