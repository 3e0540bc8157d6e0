import {
  createElement, type CSSProperties, type ReactElement, useCallback, useEffect, useId, useState,
} from 'react';
import { useManager, useSessionState, useTimeUntil } from './hooks.ts';
import { ifAllowed } from './platform.ts';

/** What it says; times in seconds. */
export interface SessionStatusTexts {
  readonly refreshing: string;
  readonly retrying: string;
  readonly account: (email: string) => string;
  readonly expires: (seconds: number) => string;
  readonly tries: (tries: number, seconds: number) => string;
}

export interface SessionStatusIndicatorProps {
  /** How many milliseconds a refresh takes before anybody hears of it; 400 unless it is given. */
  readonly delay?: number;
  /** In another language. */
  readonly texts?: Partial<SessionStatusTexts>;
  readonly className?: string;
}

const english: SessionStatusTexts = {
  refreshing: 'Renewing the session',
  retrying: 'Connection trouble',
  account: email => `Logged in as ${email}.`,
  expires: seconds => seconds > 0 ? `The access token is good for ${seconds} s.` : 'The access token has expired.',
  tries: (tries, seconds) => `${tries === 1 ? 'One try' : `${tries} tries`} failed; the next is ${seconds > 0 ? `in ${seconds} s` : 'on its way'}. You stay logged in.`,
};

/** Shows, bottom right, that the session is being renewed, or that this failed and is repeated; otherwise nothing. */
export function SessionStatusIndicator({ delay = 400, texts, className }: SessionStatusIndicatorProps): ReactElement | null {
  const manager = useManager();
  const { status, isRefreshing, isOnline, retry } = useSessionState(manager);
  const isBusy = status === 'active' && isOnline && (isRefreshing || retry !== null);
  const isShown = useLater(isBusy, delay);
  // Nor does a server render it: a strict page takes no styles out of markup.
  if (status === 'starting')
    return null;
  const said = { ...english, ...texts };
  const text = !isShown ? '' : retry ? said.retrying : said.refreshing;
  // Announced when it comes and when it is another one; the seconds that pass are for the eye.
  return createElement(
    'div', { className, style: place },
    createElement('div', { role: 'status', 'aria-live': 'polite', style: unseen }, text),
    isShown && createElement(Sign, { text, texts: said }),
  );
}

function Sign({ text, texts }: { readonly text: string; readonly texts: SessionStatusTexts }): ReactElement {
  const manager = useManager();
  const { account, accessTokenExpiresAt, retry } = useSessionState(manager);
  const left = useTimeUntil(manager, accessTokenExpiresAt);
  const wait = useTimeUntil(manager, retry?.at ?? null);
  const [isHovered, setHovered] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isOpen = isHovered || isFocused;
  const id = useId();
  useEffect(() => {
    if (!isOpen)
      return;
    // Wherever the focus is: who opened it with the mouse closes it so, too.
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
    left !== null && texts.expires(left / 1000),
    retry && wait !== null && texts.tries(retry.tries, wait / 1000),
  ].filter(line => typeof line === 'string');
  // Not every browser gives the focus to what is clicked.
  const press = ({ currentTarget }: { readonly currentTarget: HTMLElement }): void => {
    currentTarget.focus();
    setFocused(true);
  };
  return createElement(
    'div', {
      style: box,
      onMouseEnter: () => setHovered(true), onMouseLeave: () => setHovered(false),
      onFocus: () => setFocused(true), onBlur: () => setFocused(false),
    },
    isOpen && createElement('div', { id, role: 'tooltip', style: details }, ...lines.map(line => createElement('div', { key: line }, line))),
    createElement(
      'button', { type: 'button', style: button, onClick: press, 'aria-describedby': isOpen ? id : undefined },
      createElement('span', { 'aria-hidden': true, style: ring, ref: turn }), text,
    ),
  );
}

// True a while after it became so, and false at once.
function useLater(value: boolean, delay: number): boolean {
  const [isLate, setLate] = useState(false);
  const begin = useCallback(() => {
    const timer = setTimeout(() => setLate(true), delay);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [delay]);
  useEffect(() => value ? begin() : undefined, [value, begin]);
  return value && isLate;
}

// By script, since a strict page allows no style sheet of ours.
function turn(element: HTMLElement | null): void {
  if (ifAllowed(() => matchMedia('(prefers-reduced-motion: reduce)').matches) === false)
    element?.animate?.({ transform: ['none', 'rotate(1turn)'] }, { duration: 1000, iterations: Infinity });
}

const place: CSSProperties = { position: 'fixed', insetBlockEnd: '1rem', insetInlineEnd: '1rem', zIndex: 2147483000, maxInlineSize: 'calc(100vw - 2rem)' };
const unseen: CSSProperties = { position: 'absolute', inlineSize: 1, blockSize: 1, overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' };
// The browser's own colours: dark where the page is dark.
const box: CSSProperties = {
  display: 'flex', flexDirection: 'column', alignItems: 'end', font: '0.875rem/1.4 system-ui, sans-serif', color: 'CanvasText',
};
const surface: CSSProperties = { background: 'Canvas', color: 'inherit', border: '1px solid GrayText', boxShadow: '0 2px 8px rgb(0 0 0 / 25%)' };
const button: CSSProperties = {
  ...surface, display: 'flex', alignItems: 'center', gap: '0.5rem', minBlockSize: '2.25rem', padding: '0 0.875rem', borderRadius: '2rem', font: 'inherit', cursor: 'help',
};
const details: CSSProperties = { ...surface, marginBlockEnd: '0.5rem', padding: '0.5rem 0.75rem', borderRadius: 8, maxInlineSize: '20rem', overflowWrap: 'anywhere' };
const ring: CSSProperties = {
  inlineSize: '0.75rem', blockSize: '0.75rem', borderRadius: '50%', border: '2px solid currentColor', borderInlineEndColor: 'transparent', boxSizing: 'border-box',
};
