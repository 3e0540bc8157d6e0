import { type ReactNode, useEffect, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { ActionButton } from './components.tsx';
import { EmailField, FormDialog, PasswordField } from './form.tsx';
import { Notifications } from './notifications.tsx';
import { Passkeys } from './passkeys.tsx';

type Action = 'email' | 'password' | 'passkeys' | 'notifications' | 'deletion';

export function Account(): ReactNode {
  const { account, accounts, manager } = useSession();
  const [open, setOpen] = useState<Action | null>(null);
  const [message, setMessage] = useState('');
  const close = (): void => setOpen(null);

  // A link may have changed the email.
  useEffect(() => void manager.getSessionStatus().catch(() => {}), [manager]);

  function start(action: Action): void {
    setMessage('');
    setOpen(action);
  }

  async function exportData(): Promise<void> {
    setMessage('');
    download('account.json', await accounts.export());
    setMessage('Your data has been downloaded.');
  }

  return <section aria-labelledby="account" className="sheet">
    <h2 id="account">Your account</h2>
    <div className="actions">
      <button type="button" onClick={() => start('email')}>Change email</button>
      <button type="button" onClick={() => start('password')}>Change password</button>
      <button type="button" onClick={() => start('passkeys')}>Passkeys</button>
      <button type="button" onClick={() => start('notifications')}>Notifications</button>
      <ActionButton action={exportData}>Export my data</ActionButton>
      <button type="button" className="danger" onClick={() => start('deletion')}>Delete account</button>
    </div>
    <p aria-live="polite" className="done">{message}</p>

    {open === 'email' && <FormDialog title="Change email" submit="Send the link" onClose={close} action={async ({ email = '', password = '' }) => {
      await accounts.changeEmail({ email, password });
      setMessage(`A link is on its way to ${email}. Until it is used, your email stays the same.`);
    }}>
      <p>Your email is {account?.email}. That address gets a notice with a link that takes the change back, for 7 days.</p>
      <EmailField label="New email" />
      <PasswordField />
    </FormDialog>}

    {open === 'password' && <FormDialog title="Change password" submit="Change it" onClose={close} action={async ({ currentPassword = '', newPassword = '' }) => {
      await accounts.changePassword({ currentPassword, newPassword });
      setMessage('Your password is changed. Your other sessions have ended.');
    }}>
      <PasswordField label="Current password" name="currentPassword" />
      <PasswordField label="New password" name="newPassword" isNew />
    </FormDialog>}

    {open === 'passkeys' && <Passkeys onClose={close} />}

    {open === 'notifications' && <Notifications onClose={close} />}

    {open === 'deletion' && <FormDialog title="Delete account" submit="Delete it" isDanger onClose={close} action={({ password = '' }) => accounts.requestDeletion({ password })}>
      <p>All your sessions end now. Your data is erased after a grace period; until then you can log in to keep the account.</p>
      <PasswordField />
    </FormDialog>}
  </section>;
}

function download(name: string, data: object): void {
  const href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  // Not every browser has opened it yet.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
