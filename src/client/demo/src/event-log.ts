import type { SessionManager } from 'serverless-sessions-client';

export interface Entry {
  readonly key: number;
  readonly at: number;
  readonly name: string;
  readonly text: string;
}

/** The events of this tab, newest first. */
export interface EventLog {
  readonly entries: readonly Entry[];
  subscribe(listener: () => void): () => void;
}

const maxEntries = 30;

export function createEventLog(manager: SessionManager): EventLog {
  const listeners = new Set<() => void>();
  let entries: readonly Entry[] = [];
  let lastKey = 0;
  function add(name: string, text: string): void {
    lastKey += 1;
    entries = [{ key: lastKey, at: Date.now(), name, text }, ...entries].slice(0, maxEntries);
    listeners.forEach(listener => listener());
  }

  let isOwnRefresh = false;
  let { session, account } = manager.state;
  manager.on('refreshing', () => {
    isOwnRefresh = true;
    add('refreshing', 'This tab refreshes the tokens.');
  });
  manager.on('refreshed', () => {
    add('refreshed', isOwnRefresh ? 'This tab has new tokens for all tabs.' : 'Another tab has got new tokens.');
    isOwnRefresh = false;
  });
  manager.on('retrying', ({ tries, error }) => {
    isOwnRefresh = false;
    add('retrying', `Try ${tries} failed (${error.code}), to be retried.`);
  });
  manager.on('expiring', ({ cause }) => add('expiring', cause === 'absolute' ? 'The session reaches its maximum age.' : 'The service can\'t be reached, and the session expires soon.'));
  manager.on('ended', ({ reason }) => add('ended', `The session has ended in all tabs: ${reason}.`));
  manager.on('offline', () => add('offline', 'The session stays; requests are retried less often.'));
  manager.on('online', () => add('online', 'Pending requests are sent now.'));
  manager.on('notice', ({ kind, device, ipAddress }) =>
    add('notice', `${kind === 'new_device' ? 'Login from a new device' : kind}: ${device ?? 'unknown'} at ${ipAddress}.`));
  manager.subscribe(() => {
    const next = manager.state;
    // The next user must not see the previous one's devices and addresses.
    if (next.account && next.account.id !== account?.id)
      entries = [];
    if (next.session && next.session.id !== session?.id)
      add('changed', `${next.account?.email} is logged in, in all tabs.`);
    session = next.session;
    account = next.account ?? account;
  });

  return {
    get entries() {
      return entries;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
