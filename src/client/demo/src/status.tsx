import type { ReactNode } from 'react';
import { useBackgroundSession, useSession } from 'serverless-sessions-client/react';
import { ActionButton, Time } from './components.tsx';

export function Status(): ReactNode {
  const { session, account, logout, logoutAll, now, manager } = useSession();
  const { isValid, timeUntilExpiry, isRefreshing, retry, expiring, forceRefresh } = useBackgroundSession();
  return <section aria-labelledby="status" className="sheet">
    <h2 id="status">This session</h2>
    <dl className="facts">
      <div><dt>Tokens</dt><dd data-testid="tokens">
        {isRefreshing ? 'Refreshing' : retry ? 'Refresh failed; will be retried' : 'Refreshed automatically'}
      </dd></div>
      <div><dt>Valid for</dt><dd className={isValid ? 'good' : undefined} data-testid="left">{timeUntilExpiry === null ? 'unknown' : clock(timeUntilExpiry)}</dd></div>
      <div><dt>Device</dt><dd>{session?.device ?? 'unknown'}</dd></div>
      <div><dt>Ends</dt><dd>{session && <><Time at={session.expiresAt} /> unless refreshed, <Time at={session.absoluteExpiresAt} /> at the latest</>}</dd></div>
      <div><dt>User</dt><dd className="id">{account?.id}</dd></div>
    </dl>
    {expiring && (expiring.cause === 'inactive' ? <div className="problem">
      <p>You have done nothing for a while: the session ends in {clock(Math.max(0, expiring.at - now()))}.</p>
      {/* Any click would do. */}
      <button type="button" onClick={manager.noteActivity}>Stay logged in</button>
    </div> : <p className="problem">The session ends at <Time at={expiring.at} />.</p>)}
    <div className="actions">
      <ActionButton action={forceRefresh}>Refresh now</ActionButton>
      <ActionButton action={() => logoutAll({ others: true })}>Log out elsewhere</ActionButton>
      <ActionButton action={logout} className="danger">Log out</ActionButton>
    </div>
  </section>;
}

function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
