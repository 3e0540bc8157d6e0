import { type FormEvent, type ReactNode, useState } from 'react';
import { SessionError } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { Field, messageOf } from './components.tsx';

export function Login(): ReactNode {
  const { login, endReason } = useSession();
  const [message, setMessage] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy)
      return;
    setBusy(true);
    setMessage(null);
    const form = new FormData(event.currentTarget);
    try {
      await login({ email: form.get('email') as string, password: form.get('password') as string, remember: form.has('remember'), device: 'Demo page' });
    } catch (error) {
      setBusy(false);
      setMessage(error instanceof SessionError && error.code === 'invalid_credentials' ? 'The email or password is wrong.' : messageOf(error));
    }
  }

  return <div className="login">
    <h1 tabIndex={-1}>Log in</h1>
    {endReason !== null && <p>Your session has ended ({endReason}).</p>}
    <form onSubmit={event => void submit(event)}>
      <Field label="Email">{id => <input id={id} name="email" type="email" autoComplete="username" required defaultValue="demo@example.com" />}</Field>
      <Field label="Password">{id => <input id={id} name="password" type="password" autoComplete="current-password" required />}</Field>
      <p className="hint"><code>dotnet dev.cs up</code> printed the password.</p>
      <label className="check"><input name="remember" type="checkbox" defaultChecked />Stay logged in for weeks</label>
      <button className="primary" aria-disabled={isBusy || undefined}>Log in</button>
      {message !== null && <p role="alert" className="problem">{message}</p>}
    </form>
  </div>;
}
