import { type ReactNode, useId, useState } from 'react';
import type { Polled } from './polled.ts';

export function Time({ at }: { readonly at: string | number }): ReactNode {
  const date = new Date(at);
  return <time dateTime={date.toISOString()}>{date.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' })}</time>;
}

/** Says where the shown data is not that of now. */
export function Freshness({ of: { cachedAt, problem } }: { readonly of: Polled<object> }): ReactNode {
  return <>
    {cachedAt !== null && <p className="hint">From the cache of the service worker, as of <Time at={cachedAt} />.</p>}
    {problem !== null && <p className="hint">Not to be had now: {problem}</p>}
  </>;
}

export function Field({ label, children }: { readonly label: string; readonly children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return <div className="field"><label htmlFor={id}>{label}</label>{children(id)}</div>;
}

/** A button that does one thing at a time, and says what went wrong. */
export function Act({ children, label, kind, act }: {
  readonly children: ReactNode; readonly label?: string; readonly kind?: string; readonly act: () => Promise<unknown>;
}): ReactNode {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  async function run(): Promise<void> {
    if (isBusy)
      return;
    setBusy(true);
    setProblem(null);
    await act().catch((error: unknown) => setProblem(error instanceof Error ? error.message : 'It failed.'));
    setBusy(false);
  }
  return <>
    <button type="button" className={kind} aria-label={label} aria-disabled={isBusy || undefined} onClick={() => void run()}>{children}</button>
    {problem !== null && <span role="alert" className="problem">{problem}</span>}
  </>;
}
