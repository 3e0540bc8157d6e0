import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { SessionError, type SessionErrorCode, type SessionLocation } from 'serverless-sessions-client';
import type { Polling } from './use-polling.ts';

export function Time({ at }: { readonly at: string | number }): ReactNode {
  const date = new Date(at);
  return <time dateTime={date.toISOString()}>{date.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' })}</time>;
}

const countries = new Intl.DisplayNames([], { type: 'region' });

/** The city and the country; empty where they aren't known. */
export const placeOf = (location: SessionLocation | undefined): string =>
  location ? [location.city, countries.of(location.country)].filter(Boolean).join(', ') : '';

/** Shows that data is cached, or why it couldn't be loaded. */
export function Freshness({ of: { cachedAt, error } }: { readonly of: Polling<object> }): ReactNode {
  return <>
    {cachedAt !== null && <p className="hint">Cached by the service worker at <Time at={cachedAt} />.</p>}
    {error !== null && <p className="hint">Could not be loaded: {error}</p>}
  </>;
}

export function Field({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return <div className="field"><label htmlFor={id}>{label}</label>{children(id)}</div>;
}

/** A page without a session. */
export function Page({ title, back, children }: { readonly title: string; readonly back?: () => void; readonly children: ReactNode }): ReactNode {
  return <div className="login">
    <h1 tabIndex={-1}>{title}</h1>
    {children}
    {back && <div className="actions"><button type="button" onClick={back}>Back</button></div>}
  </div>;
}

/** A table that polls its rows. */
export function PolledTable<T extends object>({ label, caption, columns, polling, rows, ref }: {
  readonly label: string; readonly caption: string; readonly columns: readonly ReactNode[]; readonly polling: Polling<T>; readonly rows: (data: T) => ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
}): ReactNode {
  return <section>
    <div ref={ref} className="table" role="region" aria-label={label} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead><tr>{columns.map((column, i) => <th key={i} scope="col">{column}</th>)}</tr></thead>
        <tbody>{polling.data && rows(polling.data)}</tbody>
      </table>
      <Freshness of={polling} />
    </div>
  </section>;
}

/** A button for an asynchronous action; ignores clicks while it runs, and shows its error. */
export function ActionButton({ children, label, className, action }: {
  readonly children: ReactNode; readonly label?: string; readonly className?: string; readonly action: () => Promise<unknown>;
}): ReactNode {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function run(): Promise<void> {
    if (isBusy)
      return;
    setBusy(true);
    setError(null);
    await action().catch((reason: unknown) => setError(messageOf(reason)));
    setBusy(false);
  }
  return <>
    <button type="button" className={className} aria-label={label} aria-disabled={isBusy || undefined} onClick={() => void run()}>{children}</button>
    {error !== null && <span role="alert" className="problem">{error}</span>}
  </>;
}

/** Focuses the heading when something else is shown: the focused element is gone, and screen readers continue at the top. */
export function useHeadingFocus(shown: unknown): void {
  const before = useRef(shown);
  useEffect(() => {
    if (before.current !== shown)
      document.querySelector('h1')?.focus();
    before.current = shown;
  }, [shown]);
}

const texts: Partial<Record<SessionErrorCode, string>> = {
  invalid_credentials: 'The email or password is wrong.',
  wrong_password: 'The password is wrong.',
  email_taken: 'This email has an account. Log in, or set a new password.',
  insufficient_user_authentication: 'This needs a fresh confirmation that it\'s you.',
  location_refused: 'A login from where you are isn\'t allowed.',
  push_unsupported: 'This browser can\'t receive push messages.',
  push_denied: 'This browser blocks notifications of this page.',
  passkey_cancelled: 'No passkey was used.',
  passkey_timeout: 'No passkey was used in time. Try again.',
  passkeys_unsupported: 'This device can\'t use passkeys.',
  passkey_exists: 'This device has a passkey of yours already.',
  passkey_unknown: 'This passkey was removed from its account.',
  passkey_for_review: 'Your account was secured. Log in with your password, and keep or remove this passkey.',
  passkey_cloned: 'This passkey may have been copied. Use another one, or the password.',
  passkey_limit: 'You have as many passkeys as an account can have.',
  last_credential: 'This is the only way to log in. Add another one first.',
  ceremony_expired: 'That took too long. Try again.',
  network_error: 'The service can\'t be reached. Try again.',
  unavailable: 'The service has a problem. Try again in a moment.',
  rate_limited: 'That was too often. Wait a moment, and try again.',
  payload_too_large: 'That is too long.',
  recipient_unknown: 'There is no such user.',
};

export function messageOf(error: unknown): string {
  if (!(error instanceof Error))
    return 'Failed.';
  // A fetch without a response throws a TypeError.
  const code = error instanceof TypeError ? 'network_error' : error instanceof SessionError ? error.code : null;
  return code && texts[code] || error.message;
}
