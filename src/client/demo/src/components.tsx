import { type ReactNode, type Ref, useId, useState } from 'react';
import type { Polling } from './use-polling.ts';

export function Time({ at }: { readonly at: string | number }): ReactNode {
  const date = new Date(at);
  return <time dateTime={date.toISOString()}>{date.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' })}</time>;
}

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

export const messageOf = (error: unknown): string => error instanceof Error ? error.message : 'Failed.';
