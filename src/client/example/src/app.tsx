import { type FormEvent, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';

export function App() {
  const session = useSession();
  switch (session.status) {
    case 'starting': return <p>Loading ...</p>;
    case 'anonymous': return <Login />;
    case 'active': return <Orders email={session.account.email} />;
  }
}

function Login() {
  const { login, endReason } = useSession();
  const [problem, setProblem] = useState('');

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setProblem('');
    const fields = new FormData(event.currentTarget);
    const [email, password] = [String(fields.get('email')), String(fields.get('password'))];
    login({ email, password, remember: fields.has('remember') }).catch((error: Error) => setProblem(error.message));
  }

  return <form onSubmit={submit}>
    <h1>Log in</h1>
    {endReason !== null && endReason !== 'logout' && <p>Your session has ended. Please log in again.</p>}
    <p><label>Email <input name="email" type="email" autoComplete="username" required /></label></p>
    <p><label>Password <input name="password" type="password" autoComplete="current-password" required /></label></p>
    <p><label><input name="remember" type="checkbox" defaultChecked /> Stay logged in</label></p>
    <button>Log in</button>
    <p role="alert">{problem}</p>
  </form>;
}

function Orders({ email }: { email: string }) {
  const { fetch, logout } = useSession();
  const [answer, setAnswer] = useState('');

  async function load() {
    const response = await fetch('/orders');
    setAnswer(response.ok ? `The API knows you as ${(await response.json()).user}.` : `The API answers ${response.status}.`);
  }

  return <>
    <h1>Orders of {email}</h1>
    <p>
      <button onClick={() => load().catch((error: Error) => setAnswer(error.message))}>Load my orders</button>{' '}
      <button onClick={() => logout()}>Log out</button>
    </p>
    <p role="status">{answer}</p>
  </>;
}
