import { type ReactNode, useEffect, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { ActionButton } from './components.tsx';
import { EmailField, FormDialog, PasswordField } from './form.tsx';
import { Notifications } from './notifications.tsx';
import { Passkeys } from './passkeys.tsx';
import { passkeys } from './session.ts';

type Action = 'email' | 'password' | 'passkeys' | 'notifications' | 'deletion';
type Methods = Awaited<ReturnType<typeof passkeys.stepUpMethods>>;

export function Account(): ReactNode {
  const { account, accounts, manager } = useSession();
  const [open, setOpen] = useState<Action | null>(null);
  const [methods, setMethods] = useState<Methods>({ password: true, passkey: false });
  const [message, setMessage] = useState('');
  const close = (): void => setOpen(null);

  // A link may have changed the email.
  useEffect(() => void manager.getSessionStatus().catch(() => {}), [manager]);

  async function start(action: Action): Promise<void> {
    setMessage('');
    setMethods(await passkeys.stepUpMethods());
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
      <ActionButton action={() => start('email')}>Change email</ActionButton>
      <ActionButton action={() => start('password')}>Change password</ActionButton>
      <ActionButton action={() => start('passkeys')}>Passkeys</ActionButton>
      <ActionButton action={() => start('notifications')}>Notifications</ActionButton>
      <ActionButton action={exportData}>Export my data</ActionButton>
      <ActionButton className="danger" action={() => start('deletion')}>Delete account</ActionButton>
    </div>
    <p aria-live="polite" className="done">{message}</p>

    {open === 'email' && <FormDialog title="Change email" submit="Send the link" onClose={close} action={async ({ email = '', ...proof }) => {
      await accounts.changeEmail({ email, ...proof });
      setMessage(`A link is on its way to ${email}. Until it is used, your email stays the same.`);
    }}>
      <p>Your email is {account?.email}. That address gets a notice with a link that takes the change back, for 7 days.</p>
      <EmailField label="New email" />
      <ProofField methods={methods} />
    </FormDialog>}

    {open === 'password' && <FormDialog title="Change password" submit="Change it" onClose={close} action={async ({ newPassword = '', ...proof }) => {
      await accounts.changePassword({ ...proof, newPassword });
      setMessage('Your password is changed. Your other sessions have ended.');
    }}>
      <ProofField methods={methods} label="Current password" name="currentPassword" />
      <PasswordField label="New password" name="newPassword" isNew />
    </FormDialog>}

    {open === 'passkeys' && <Passkeys onClose={close} />}

    {open === 'notifications' && <Notifications onClose={close} />}

    {open === 'deletion' && <FormDialog title="Delete account" submit="Delete it" isDanger onClose={close} action={proof => accounts.requestDeletion(proof)}>
      <p>All your sessions end now. Your data is erased after a grace period; until then you can log in to keep the account.</p>
      <ProofField methods={methods} />
    </FormDialog>}
  </section>;
}

/** The password, if there is one. Without it the service takes a fresh proof by passkey, and asks for one if there is none. */
function ProofField({ methods: { password, passkey }, label = 'Password', name = 'password' }: {
  readonly methods: Methods; readonly label?: string; readonly name?: string;
}): ReactNode {
  const isOptional = passkey && passkeys.isSupported;
  return password && <PasswordField label={isOptional ? `${label}, or leave it empty to use a passkey` : label} name={name} isOptional={isOptional} />;
}

function download(name: string, data: object): void {
  const href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  // Not every browser has opened it yet.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
