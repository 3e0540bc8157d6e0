import { type ReactNode, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { Page, useHeadingFocus } from './components.tsx';
import { ActionForm, EmailField, PasswordField, type Values } from './form.tsx';
import { Login } from './login.tsx';
import { passkeys } from './session.ts';

type View = 'login' | 'register' | 'registered' | 'forgot' | 'verification' | 'sent';

/** The pages without a session: login, registration, and mails that were lost or forgotten. */
export function Welcome(): ReactNode {
  const [view, setView] = useState<View>('login');
  useHeadingFocus(view);
  const back = (): void => setView('login');
  switch (view) {
    case 'login': return <Login goTo={setView} />;
    case 'register': return <Register goTo={setView} back={back} />;
    case 'registered': return <Login goTo={setView} message="Your account is ready. Log in with its passkey." />;
    case 'sent': return <MailSent back={back} />;
    default: return <AskForMail what={view} back={back} />;
  }
}

function Register({ goTo, back }: { readonly goTo: (view: View) => void; readonly back: () => void }): ReactNode {
  const { accounts, login } = useSession();
  const [hasPassword, setHasPassword] = useState(true);

  async function register({ email = '', password = '' }: Values): Promise<void> {
    if (!hasPassword)
      goTo(await passkeys.registerAccount({ email }) ? 'registered' : 'sent');
    else if (await accounts.register({ email, password }))
      await login({ email, password, remember: true, device: 'Demo page' });
    else
      goTo('sent');
  }

  return <Page title="Create an account" back={back}>
    <ActionForm submit="Create account" action={register} footer={passkeys.isSupported && <div className="actions">
      <button type="button" onClick={() => setHasPassword(!hasPassword)}>{hasPassword ? 'Use a passkey instead of a password' : 'Use a password'}</button>
    </div>}>
      <EmailField />
      {hasPassword ? <PasswordField isNew /> : <p>Your device asks for your fingerprint, face or screen lock, now and at each login.</p>}
    </ActionForm>
  </Page>;
}

const asks = {
  forgot: { title: 'Forgot your password?', text: 'We send you a link to set a new one.' },
  verification: { title: 'Confirm your email', text: 'We send you a new link; earlier ones stop working.' },
};

/** Asks for the mail with a new link. */
export function AskForMail({ what, back }: { readonly what: keyof typeof asks; readonly back: () => void }): ReactNode {
  const { accounts } = useSession();
  const [isSent, setSent] = useState(false);
  const { title, text } = asks[what];
  const send = what === 'forgot' ? accounts.forgotPassword : accounts.sendVerification;
  useHeadingFocus(isSent);
  return isSent ? <MailSent back={back} /> : <Page title={title} back={back}>
    <p>{text}</p>
    <ActionForm submit="Send the link" action={({ email = '' }) => send({ email }).then(() => setSent(true))}><EmailField /></ActionForm>
  </Page>;
}

// Says the same for every address, as the service does.
function MailSent({ back }: { readonly back: () => void }): ReactNode {
  return <Page title="Check your mail" back={back}>
    <p>If the address is right, a mail with a link is on its way. After a few requests within an hour nothing more is sent.</p>
  </Page>;
}
