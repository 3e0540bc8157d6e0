import { type ReactNode, useSyncExternalStore } from 'react';
import type { Journal } from './journal.ts';
import { Time } from './parts.tsx';

export function Told({ journal }: { readonly journal: Journal }): ReactNode {
  const entries = useSyncExternalStore(journal.subscribe, () => journal.entries);
  return <section aria-labelledby="told" className="sheet">
    <h2 id="told">What this tab was told</h2>
    {entries.length === 0 ? <p className="empty">Nothing so far.</p> : <ul className="told" aria-live="polite">
      {entries.map(({ key, at, name, text }) => <li key={key}><Time at={at} /> <b>{name}</b> {text}</li>)}
    </ul>}
  </section>;
}
