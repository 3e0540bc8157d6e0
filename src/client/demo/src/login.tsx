import { type FormEvent, type ReactNode, useState } from 'react';
import { SessionError } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { Field } from './parts.tsx';

export function Login(): ReactNode {
  const { login, endReason } = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy)
      return;
    setBusy(true);
    setProblem(null);
    const form = new FormData(event.currentTarget);
    try {
      await login({ email: form.get('email') as string, password: form.get('password') as string, remember: form.has('remember'), device: 'Demo page' });
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof SessionError && error.code === 'invalid_credentials' ? 'The email or the password is wrong.'
        : error instanceof Error ? error.message : 'It failed.');
    }
  }

  return <div className="login">
    <h1 tabIndex={-1}>Log in</h1>
    {endReason !== null && <p>The session is over ({endReason}).</p>}
    <form onSubmit={event => void submit(event)}>
      <Field label="Email">{id => <input id={id} name="email" type="email" autoComplete="username" required defaultValue="demo@example.com" />}</Field>
      <Field label="Password">{id => <input id={id} name="password" type="password" autoComplete="current-password" required />}</Field>
      <p className="hint"><code>dotnet dev.cs up</code> has said the password.</p>
      <label className="check"><input name="remember" type="checkbox" defaultChecked />Stay logged in for weeks</label>
      <button className="primary" aria-disabled={isBusy || undefined}>Log in</button>
      {problem !== null && <p role="alert" className="problem">{problem}</p>}
    </form>
  </div>;
}
