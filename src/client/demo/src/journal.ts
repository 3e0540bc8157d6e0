import type { SessionManager } from 'serverless-sessions-client';

export interface Entry {
  readonly key: number;
  readonly at: number;
  readonly name: string;
  readonly text: string;
}

/** What this tab was told, newest first. */
export interface Journal {
  readonly entries: readonly Entry[];
  subscribe(listener: () => void): () => void;
}

const most = 30;

export function createJournal(manager: SessionManager): Journal {
  const listeners = new Set<() => void>();
  let entries: readonly Entry[] = [];
  let keys = 0;
  function add(name: string, text: string): void {
    keys += 1;
    entries = [{ key: keys, at: Date.now(), name, text }, ...entries].slice(0, most);
    listeners.forEach(tell => tell());
  }

  // Only the tab that asks is told of the asking.
  let asked = false;
  let { session, account } = manager.state;
  manager.on('refreshing', () => {
    asked = true;
    add('refreshing', 'This tab asks for new tokens.');
  });
  manager.on('refreshed', () => {
    add('refreshed', asked ? 'New tokens, and every tab has them.' : 'New tokens, from another tab.');
    asked = false;
  });
  manager.on('retrying', ({ tries, error }) => {
    asked = false;
    add('retrying', `Try ${tries} failed: ${error.code}. It will be repeated.`);
  });
  manager.on('expiring', ({ cause }) => add('expiring', cause === 'absolute' ? 'The session reaches its greatest age.' : 'The service can\'t be reached, and the session ends soon.'));
  manager.on('ended', ({ reason }) => add('ended', `The session is over: ${reason}. Every tab is told.`));
  manager.on('offline', () => add('offline', 'The session stays, and what fails is tried less often.'));
  manager.on('online', () => add('online', 'What was put off is done now.'));
  manager.on('notice', ({ kind, device, ipAddress }) => add('notice', kind === 'new_device'
    ? `A login from a new device: ${device ?? 'unknown'} at ${ipAddress}.`
    : `The service tells: ${kind} (${device ?? 'unknown'} at ${ipAddress}).`));
  manager.subscribe(() => {
    const next = manager.state;
    // The devices and addresses of who was here before are nothing for somebody else.
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
