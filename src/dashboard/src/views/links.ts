import { el } from '../page/dom.ts';

/** Leads to a user's sessions. */
export function userLink(id: string): HTMLElement {
  return el('a', { href: `#users/${id}`, class: 'id' }, id);
}
