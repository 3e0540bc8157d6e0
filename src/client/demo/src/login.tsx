import { type ReactNode, useEffect, useState } from 'react';
import { type LoginOptions, SessionError } from 'serverless-sessions-client';
import type { PasskeyLoginOptions } from 'serverless-sessions-client/passkeys';
import { useSession } from 'serverless-sessions-client/react';
import { ActionButton, messageOf, Page } from './components.tsx';
import { ActionForm, EmailField, PasswordField } from './form.tsx';
import { endReasonOf } from './labels.ts';
import { manager, passkeys } from './session.ts';

type Refusal = Readonly<{ code: 'account_closing' | 'email_not_verified'; isOfPasskey: boolean }>;

const isRefusal = (code: string): code is Refusal['code'] => code === 'account_closing' || code === 'email_not_verified';

export function Login({ goTo, message }: { readonly goTo: (view: 'register' | 'forgot' | 'verification') => void; readonly message?: string }): ReactNode {
  const { login, endReason } = useSession();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [remember, setRemember] = useState(true);
  const options: LoginOptions = { remember, device: 'Demo page' };

  /** Shows a refusal that the user can do something about; throws any other. */
  async function logIn(work: Promise<unknown>, isOfPasskey = false): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof SessionError && isRefusal(error.code)))
        throw error;
      setRefusal({ code: error.code, isOfPasskey });
    }
  }

  const logInByPasskey = (more?: PasskeyLoginOptions): Promise<void> => logIn(passkeys.login({ ...options, ...more }), true);

  function clear(): void {
    setRefusal(null);
    setProblem(null);
  }

  /** Offers passkeys in the autofill of the email. */
  async function offer(signal: AbortSignal): Promise<void> {
    if (!await passkeys.isConditionalSupported())
      return;
    while (!signal.aborted && manager.state.status !== 'active') {
      try {
        await logInByPasskey({ conditional: true, signal });
      } catch (error) {
        // Ask again after a passkey that was chosen and refused. Otherwise the page can't offer any, and the form does without.
        if (signal.aborted || !(error instanceof SessionError && (error.status === 401 || error.code === 'ceremony_expired')))
          return;
        setProblem(messageOf(error));
      }
    }
  }

  useEffect(() => {
    const aborter = new AbortController();
    void offer(aborter.signal);
    return () => aborter.abort();
  }, [remember]);

  return <Page title="Log in">
    {message ? <p>{message}</p> : endReason !== null && <p>Your session has ended: {endReasonOf(endReason)}.</p>}
    <ActionForm
      submit="Log in"
      action={({ email = '', password = '', restore }) => {
        clear();
        return logIn(login({ ...options, email, password, restore: restore !== undefined }));
      }}
      footer={<div role="alert">
        {refusal?.code === 'account_closing' && <div className="problem">
          <p>This account is about to be deleted. You can still keep it.</p>
          {/* After the other button: Enter must not restore. */}
          {refusal.isOfPasskey ? <ActionButton action={() => logInByPasskey({ restore: true })}>Restore the account</ActionButton>
            : <button name="restore" value="yes">Restore the account</button>}
        </div>}
        {refusal?.code === 'email_not_verified' && <div className="problem">
          <p>This email isn't confirmed yet. Open the link in the mail that we sent.</p>
          <button type="button" onClick={() => goTo('verification')}>Send the link again</button>
        </div>}
        {problem !== null && <p className="problem">{problem}</p>}
      </div>}>
      <EmailField initial="demo@example.com" offersPasskeys />
      <PasswordField />
      <p className="hint"><code>dotnet dev.cs up</code> printed the password.</p>
      <label className="check">
        <input name="remember" type="checkbox" checked={remember} onChange={event => setRemember(event.currentTarget.checked)} />Stay logged in for weeks
      </label>
    </ActionForm>
    <div className="actions">
      {passkeys.isSupported && <ActionButton action={() => {
        clear();
        return logInByPasskey();
      }}>Use a passkey</ActionButton>}
      <button type="button" onClick={() => goTo('register')}>Create an account</button>
      <button type="button" onClick={() => goTo('forgot')}>Forgot your password?</button>
    </div>
  </Page>;
}
