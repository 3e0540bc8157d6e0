import { type ReactNode, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { Page, useHeadingFocus } from './components.tsx';
import { ActionForm, EmailField, PasswordField } from './form.tsx';
import { Login } from './login.tsx';

type View = 'login' | 'register' | 'forgot' | 'verification' | 'sent';

/** The pages without a session: login, registration, and mails that were lost or forgotten. */
export function Welcome(): ReactNode {
  const [view, setView] = useState<View>('login');
  useHeadingFocus(view);
  const back = (): void => setView('login');
  switch (view) {
    case 'login': return <Login goTo={setView} />;
    case 'register': return <Register onMail={() => setView('sent')} back={back} />;
    case 'sent': return <MailSent back={back} />;
    default: return <AskForMail what={view} back={back} />;
  }
}

function Register({ onMail, back }: { readonly onMail: () => void; readonly back: () => void }): ReactNode {
  const { accounts, login } = useSession();
  return <Page title="Create an account" back={back}>
    <ActionForm submit="Create account" action={async ({ email = '', password = '' }) => {
      if (await accounts.register({ email, password }))
        await login({ email, password, remember: true, device: 'Demo page' });
      else
        onMail();
    }}>
      <EmailField />
      <PasswordField isNew />
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
