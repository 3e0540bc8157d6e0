import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Passkey } from 'serverless-sessions-client/passkeys';
import { ActionButton, Field, messageOf, Time } from './components.tsx';
import { ActionForm, Dialog } from './form.tsx';
import { passkeys } from './session.ts';

/** A dialog with the user's passkeys. */
export function Passkeys({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [list, setList] = useState<readonly Passkey[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [message, setMessage] = useState('');
  const [renaming, setRenaming] = useState<string | null>(null);
  const listing = useRef<HTMLDivElement>(null);
  const load = (): Promise<void> => passkeys.list().then(setList, (reason: unknown) => setError(messageOf(reason)));
  useEffect(() => void load(), []);

  // The focused form is replaced by the row's buttons.
  const renamed = useRef<string | null>(null);
  useEffect(() => {
    if (!renaming && renamed.current)
      document.getElementById(`rename-${renamed.current}`)?.focus();
    renamed.current = renaming;
  }, [renaming]);

  async function finish(text: string): Promise<void> {
    await load();
    setRenaming(null);
    setMessage(text);
  }

  async function keep({ id, name }: Passkey): Promise<void> {
    await passkeys.keep(id);
    await finish(`${name} is kept, and works again.`);
    listing.current?.focus();
  }

  async function remove({ id, name }: Passkey): Promise<void> {
    await passkeys.remove(id);
    await finish(`${name} is removed. Delete it in your password manager, too.`);
    // The row with the focused button is removed.
    listing.current?.focus();
  }

  return <Dialog title="Passkeys" onClose={onClose}>{close => <>
    <p>Log in with your fingerprint, face or screen lock instead of a password.</p>
    {error !== null && <p role="alert" className="problem">{error}</p>}
    <div ref={listing} className="listing" tabIndex={-1} role="group" aria-label="Your passkeys">
      {list?.length === 0 && <p className="empty">You have none.</p>}
      <ul className="passkeys">
        {list?.map(passkey => <li key={passkey.id}>
          {renaming === passkey.id
            ? <ActionForm submit="Save" onCancel={() => setRenaming(null)} action={async ({ name = '' }) => {
              await passkeys.rename(passkey.id, { name });
              await finish(`It is called ${name} now.`);
            }}>
              <Field label={`New name of ${passkey.name}`}>{id => <input id={id} name="name" required maxLength={64} defaultValue={passkey.name} autoFocus />}</Field>
            </ActionForm>
            : <>
              <p><b>{passkey.name}</b></p>
              <p className="hint">
                {passkey.provider !== null && `${passkey.provider}, `}{passkey.isSynced ? 'synced' : 'on one device'}, created <Time at={passkey.createdAt} />,
                {' '}{passkey.lastUsedAt === null ? 'never used' : <>last used <Time at={passkey.lastUsedAt} /></>}
              </p>
              {passkey.forReview && <p>An administrator has secured your account. Until you keep this passkey, it can't log in.</p>}
              <div className="actions">
                {passkey.forReview && <ActionButton label={`Keep ${passkey.name}`} action={() => keep(passkey)}>Keep</ActionButton>}
                <button type="button" id={`rename-${passkey.id}`} aria-label={`Rename ${passkey.name}`} onClick={() => setRenaming(passkey.id)}>Rename</button>
                <ActionButton className="danger" label={`Remove ${passkey.name}`} action={() => remove(passkey)}>Remove</ActionButton>
              </div>
            </>}
        </li>)}
      </ul>
    </div>
    {passkeys.isSupported ? <ActionForm submit="Add a passkey" action={async ({ name }, form) => {
      const passkey = await passkeys.register({ ...name && { name } });
      form.reset();
      await finish(`${passkey.name} is added.`);
    }}>
      <Field label="Name of a new passkey">{id => <input id={id} name="name" maxLength={64} placeholder="My laptop" autoComplete="off" />}</Field>
    </ActionForm> : <p className="hint">This browser can't create passkeys.</p>}
    <p aria-live="polite" className="done">{message}</p>
    <div className="actions"><button type="button" onClick={close}>Close</button></div>
  </>}</Dialog>;
}
