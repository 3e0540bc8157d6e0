import { el } from '../page/dom.ts';

/** Leads to a user's sessions. */
export function userLink(id: string): HTMLElement {
  return el('a', { href: `#users/${id}`, class: 'id' }, id);
}

/** Leads to the history of one of them. */
export function sessionLink(userId: string, sessionId: string): HTMLElement {
  return el('a', { href: `#users/${userId}/${sessionId}`, 'aria-label': `History of the session ${sessionId}` }, 'History');
}
