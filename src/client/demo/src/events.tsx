import { type ReactNode, useEffect, useState } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { messageOf, placeOf, Time } from './components.tsx';
import { endReasonOf, eventOf, noticeOf } from './labels.ts';

type Entry = Readonly<{ key: number; at: number; name: string; text: string }>;

const maxEntries = 30;

const expiries = {
  absolute: 'The session is about to reach its maximum age.',
  unreachable: 'The service can\'t be reached, and the session expires soon.',
  inactive: 'The session ends soon unless you click, type or touch.',
};

/** The events of this tab, newest first. */
export function useEvents(): readonly Entry[] {
  const { manager } = useSession();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(() => {
    const add = (name: string, text: string): void =>
      setEntries(previous => [{ key: (previous[0]?.key ?? 0) + 1, at: Date.now(), name, text }, ...previous].slice(0, maxEntries));
    let isOwnRefresh = false;
    let { session, account } = manager.state;
    const unsubscribes = [
      manager.on('refreshing', () => {
        isOwnRefresh = true;
        add('refreshing', 'This tab refreshes the tokens.');
      }),
      manager.on('refreshed', () => {
        add('refreshed', isOwnRefresh ? 'This tab has new tokens for all tabs.' : 'Another tab got new tokens.');
        isOwnRefresh = false;
      }),
      manager.on('retrying', ({ tries, error }) => {
        isOwnRefresh = false;
        add('retrying', `Attempt ${tries} failed, and will be retried. ${messageOf(error)}`);
      }),
      manager.on('expiring', ({ cause }) => add('expiring', expiries[cause])),
      manager.on('ended', ({ reason }) => add('ended', `The session has ended in all tabs: ${endReasonOf(reason)}.`)),
      manager.on('offline', () => add('offline', 'The session stays; requests are retried less often.')),
      manager.on('online', () => add('online', 'Pending requests are sent now.')),
      manager.on('notice', ({ kind, device, ipAddress, location }) =>
        add('notice', `${noticeOf(kind)}: ${device ?? 'unknown'} at ${[ipAddress, placeOf(location)].filter(Boolean).join(', ')}.`)),
      manager.subscribe(() => {
        const next = manager.state;
        // The next user must not see the previous one's devices and addresses.
        if (next.account && next.account.id !== account?.id)
          setEntries([]);
        if (next.session && next.session.id !== session?.id)
          add('changed', `${next.account?.email} is logged in, in all tabs.`);
        session = next.session;
        account = next.account ?? account;
      }),
    ];
    return () => unsubscribes.forEach(unsubscribe => unsubscribe());
  }, [manager]);
  return entries;
}

export function Events({ entries }: { readonly entries: readonly Entry[] }): ReactNode {
  return <section aria-labelledby="events" className="sheet">
    <h2 id="events">Events in this tab</h2>
    {entries.length === 0 ? <p className="empty">None so far.</p> : <ul className="events" aria-labelledby="events" aria-live="polite" tabIndex={0}>
      {entries.map(({ key, at, name, text }) => <li key={key}><Time at={at} /> <b>{eventOf(name)}</b> {text}</li>)}
    </ul>}
  </section>;
}
