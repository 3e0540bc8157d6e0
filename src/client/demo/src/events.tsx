import { type ReactNode, useSyncExternalStore } from 'react';
import { Time } from './components.tsx';
import type { EventLog } from './event-log.ts';

export function Events({ log }: { readonly log: EventLog }): ReactNode {
  const entries = useSyncExternalStore(log.subscribe, () => log.entries);
  return <section aria-labelledby="events" className="sheet">
    <h2 id="events">Events in this tab</h2>
    {entries.length === 0 ? <p className="empty">None so far.</p> : <ul className="events" aria-live="polite">
      {entries.map(({ key, at, name, text }) => <li key={key}><Time at={at} /> <b>{name}</b> {text}</li>)}
    </ul>}
  </section>;
}
