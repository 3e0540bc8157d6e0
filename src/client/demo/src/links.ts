import { useSyncExternalStore } from 'react';

/** What the link of a mail asks for, by the token in its fragment. */
export type MailLink = Readonly<{ action: 'verify' | 'revert' | 'reset'; token: string }>;

/** The same of a notification: a session to end. */
export type Link = MailLink | Readonly<{ action: 'not-me'; token: string }>;

const listeners = new Set<() => void>();
let link = takeLink();

// Removed at once: the token must not stay in the history or in a copied address.
function takeLink(): Link | null {
  const [, action, token] = /^#(verify|revert|reset|not-me)=(.+)$/.exec(location.hash) ?? [];
  if (token === undefined)
    return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return { action: action as Link['action'], token };
}

function setLink(next: Link | null): void {
  link = next;
  listeners.forEach(listener => listener());
}

// A link that is opened in this tab only changes the fragment.
addEventListener('hashchange', () => {
  const next = takeLink();
  if (next)
    setLink(next);
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The link that the page was opened with, and a function that leaves it. */
export const useLink = (): [Link | null, () => void] => [useSyncExternalStore(subscribe, () => link), () => setLink(null)];
