import { createElement, type CSSProperties, type ReactElement, useCallback, useEffect, useId, useState } from 'react';
import { ifAllowed } from '../platform/platform.ts';
import { useManager, useSessionState, useTimeUntil } from './hooks.ts';

export interface SessionStatusIndicatorProps {
  /** How many milliseconds a refresh takes before the indicator appears; 400 by default. */
  readonly delay?: number;
  /** Translations. */
  readonly texts?: Partial<SessionStatusTexts>;
  readonly className?: string;
}

const english = {
  refreshing: 'Refreshing the session',
  retrying: 'Connection problem',
  account: (email: string) => `Logged in as ${email}.`,
  expires: (seconds: number) => seconds > 0 ? `The access token expires in ${seconds} s.` : 'The access token has expired.',
  tries: (tries: number, seconds: number) => `${tries === 1 ? 'One try' : `${tries} tries`} failed; ${seconds > 0 ? `next try in ${seconds} s` : 'trying again'}. You stay logged in.`,
};

/** Texts of the indicator; times in seconds. */
export type SessionStatusTexts = Readonly<typeof english>;

/** Shows at the bottom right that a refresh takes long, or failed and will be retried. */
export function SessionStatusIndicator({ delay = 400, texts, className }: SessionStatusIndicatorProps): ReactElement | null {
  const manager = useManager();
  const { status, isRefreshing, isOnline, retry } = useSessionState(manager);
  const isBusy = status === 'active' && isOnline && (isRefreshing || retry !== null);
  const isShown = useDelayed(isBusy, delay);
  const [hasFocus, setHasFocus] = useState(false);
  // A badge that leaves with its session emits no blur.
  useEffect(() => setHasFocus(false), [status]);
  // A server renders nothing: a strict Content-Security-Policy refuses style attributes in markup.
  if (status === 'starting')
    return null;
  const allTexts = { ...english, ...texts };
  const text = !isShown ? '' : retry ? allTexts.retrying : allTexts.refreshing;
  // The live region has the text alone, so that seconds aren't announced.
  return createElement(
    'div', { className, style: containerStyle, onFocus: () => setHasFocus(true), onBlur: () => setHasFocus(false) },
    createElement('div', { role: 'status', 'aria-live': 'polite', style: hiddenStyle }, text),
    // Kept while it has the focus, which would be lost with it.
    (isShown || hasFocus && status === 'active') && createElement(Badge, { text, texts: allTexts }),
  );
}

/** Without a text there is nothing to wait for, and it names the account. */
function Badge({ text, texts }: { readonly text: string; readonly texts: SessionStatusTexts }): ReactElement {
  const manager = useManager();
  const { account, accessTokenExpiresAt, retry } = useSessionState(manager);
  const untilExpiry = useTimeUntil(manager, accessTokenExpiresAt);
  const untilRetry = useTimeUntil(manager, retry?.at ?? null);
  const [isHovered, setHovered] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isOpen = isHovered || isFocused;
  const id = useId();
  useEffect(() => {
    if (!isOpen)
      return;
    // On the document: the tooltip may be open by hover while the focus is elsewhere.
    const onKeyDown = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') {
        setHovered(false);
        setFocused(false);
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isOpen]);
  const lines = [
    account && texts.account(account.email),
    untilExpiry !== null && texts.expires(untilExpiry / 1000),
    retry && untilRetry !== null && texts.tries(retry.tries, untilRetry / 1000),
  ].filter(line => typeof line === 'string');
  // Not every browser focuses a button that is clicked.
  const onClick = ({ currentTarget }: { readonly currentTarget: HTMLElement }): void => {
    currentTarget.focus();
    setFocused(true);
  };
  return createElement(
    'div', {
      style: badgeStyle,
      onMouseEnter: () => setHovered(true), onMouseLeave: () => setHovered(false),
      onFocus: () => setFocused(true), onBlur: () => setFocused(false),
    },
    isOpen && createElement('div', { id, role: 'tooltip', style: tooltipStyle }, ...lines.map(line => createElement('div', { key: line }, line))),
    createElement(
      'button', { type: 'button', style: buttonStyle, onClick, 'aria-describedby': isOpen ? id : undefined },
      text && createElement('span', { 'aria-hidden': true, style: spinnerStyle, ref: spin }),
      text || account && texts.account(account.email),
    ),
  );
}

// Becomes true after a delay, and false at once.
function useDelayed(value: boolean, delay: number): boolean {
  const [isDelayed, setDelayed] = useState(false);
  const start = useCallback(() => {
    const timer = setTimeout(() => setDelayed(true), delay);
    return () => {
      clearTimeout(timer);
      setDelayed(false);
    };
  }, [delay]);
  useEffect(() => value ? start() : undefined, [value, start]);
  return value && isDelayed;
}

// By script, which a strict Content-Security-Policy allows.
function spin(element: HTMLElement | null): void {
  if (ifAllowed(() => matchMedia('(prefers-reduced-motion: reduce)').matches) === false)
    element?.animate?.({ transform: ['none', 'rotate(1turn)'] }, { duration: 1000, iterations: Infinity });
}

const containerStyle: CSSProperties = { position: 'fixed', insetBlockEnd: '1rem', insetInlineEnd: '1rem', zIndex: 2147483000, maxInlineSize: 'calc(100vw - 2rem)' };
const hiddenStyle: CSSProperties = { position: 'absolute', inlineSize: 1, blockSize: 1, overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' };
// System colours follow the page's colour scheme.
const badgeStyle: CSSProperties = {
  display: 'flex', flexDirection: 'column', alignItems: 'end', font: '0.875rem/1.4 system-ui, sans-serif', color: 'CanvasText',
};
const surface: CSSProperties = { background: 'Canvas', color: 'inherit', border: '1px solid GrayText', boxShadow: '0 2px 8px rgb(0 0 0 / 25%)' };
const buttonStyle: CSSProperties = {
  ...surface, display: 'flex', alignItems: 'center', gap: '0.5rem', minBlockSize: '2.25rem', padding: '0 0.875rem', borderRadius: '2rem', font: 'inherit', cursor: 'help',
};
const tooltipStyle: CSSProperties = { ...surface, marginBlockEnd: '0.5rem', padding: '0.5rem 0.75rem', borderRadius: 8, maxInlineSize: '20rem', overflowWrap: 'anywhere' };
const spinnerStyle: CSSProperties = {
  inlineSize: '0.75rem', blockSize: '0.75rem', borderRadius: '50%', border: '2px solid currentColor', borderInlineEndColor: 'transparent', boxSizing: 'border-box',
};
