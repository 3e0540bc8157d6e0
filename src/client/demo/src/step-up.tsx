import { type ReactNode, useEffect, useState } from 'react';
import { FormDialog, PasswordField } from './form.tsx';
import { manager, passkeys } from './session.ts';

type Asked = Readonly<{ password: boolean; passkey: boolean; resolve: () => void; reject: (reason: Error) => void }>;

/** Asks for a fresh proof when a request needs one. */
export function StepUp(): ReactNode {
  const [asked, setAsked] = useState<Asked | null>(null);

  useEffect(() => {
    const aborter = new AbortController();
    manager.updateConfig({
      async onStepUp() {
        const methods = await passkeys.stepUpMethods();
        aborter.signal.throwIfAborted();
        await new Promise<void>((resolve, reject) => setAsked({ ...methods, resolve, reject }));
      },
    });
    return () => {
      aborter.abort();
      manager.updateConfig({ onStepUp: null });
    };
  }, []);
  // Cancelled, or the session has ended; without effect after `resolve`.
  useEffect(() => () => asked?.reject(new Error('Cancelled.')), [asked]);

  return asked && <FormDialog
    title="Confirm that it's you" submit={asked.password ? 'Confirm' : 'Use a passkey'} onClose={() => setAsked(null)}
    action={async ({ password, passkey }) => {
      await (password === undefined || passkey !== undefined ? passkeys.stepUp() : manager.stepUp({ password }));
      asked.resolve();
    }}
    // After the other button, which Enter presses.
    footer={asked.password && asked.passkey && passkeys.isSupported && <div className="actions">
      <button name="passkey" value="yes" formNoValidate>Use a passkey</button>
    </div>}>
    <p>This needs a proof that isn't older than a few minutes.</p>
    {asked.password && <PasswordField />}
  </FormDialog>;
}
