import { el } from '../page/dom.ts';

export const userLink = (id: string): HTMLElement => el('a', { href: `#users/${id}`, class: 'id' }, id);

/** A link to a session's history. */
export const sessionLink = (userId: string, sessionId: string): HTMLElement =>
  el('a', { href: `#users/${userId}/${sessionId}`, 'aria-label': `History of the session ${sessionId}` }, 'History');
