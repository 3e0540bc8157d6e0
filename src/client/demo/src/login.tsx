import { type ReactNode, useState } from 'react';
import { SessionError } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { Page } from './components.tsx';
import { ActionForm, EmailField, PasswordField, type Values } from './form.tsx';

type Refusal = 'account_closing' | 'email_not_verified';

const isRefusal = (code: string): code is Refusal => code === 'account_closing' || code === 'email_not_verified';

export function Login({ goTo }: { readonly goTo: (view: 'register' | 'forgot' | 'verification') => void }): ReactNode {
  const { login, endReason } = useSession();
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  async function logIn({ email = '', password = '', remember, restore }: Values): Promise<void> {
    setRefusal(null);
    try {
      await login({ email, password, remember: remember !== undefined, restore: restore !== undefined, device: 'Demo page' });
    } catch (error) {
      if (!(error instanceof SessionError && isRefusal(error.code)))
        throw error;
      setRefusal(error.code);
    }
  }

  return <Page title="Log in">
    {endReason !== null && <p>Your session has ended ({endReason}).</p>}
    <ActionForm submit="Log in" action={logIn} footer={<div role="alert">
      {refusal === 'account_closing' && <div className="problem">
        <p>This account is about to be deleted. You can still keep it.</p>
        {/* After the other button: Enter must not restore. */}
        <button name="restore" value="yes">Restore the account</button>
      </div>}
      {refusal === 'email_not_verified' && <div className="problem">
        <p>This email isn't confirmed yet. Open the link in the mail that we sent.</p>
        <button type="button" onClick={() => goTo('verification')}>Send the link again</button>
      </div>}
    </div>}>
      <EmailField initial="demo@example.com" />
      <PasswordField />
      <p className="hint"><code>dotnet dev.cs up</code> printed the password.</p>
      <label className="check"><input name="remember" type="checkbox" defaultChecked />Stay logged in for weeks</label>
    </ActionForm>
    <div className="actions">
      <button type="button" onClick={() => goTo('register')}>Create an account</button>
      <button type="button" onClick={() => goTo('forgot')}>Forgot your password?</button>
    </div>
  </Page>;
}
