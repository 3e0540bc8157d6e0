import { el, link } from '../page/dom.ts';
import { toHash } from '../page/hash.ts';
import type { ViewContext } from '../page/section.ts';
import { texts } from '../texts/texts.ts';

/** A link to a user by email; the id until it is known, and in the title. */
export function userLink({ emails, signal }: ViewContext, id: string): HTMLElement {
  const element = link(id, toHash(`users/${id}`), { class: 'id', title: id });
  void emails.of(id).then(email => {
    if (email === null || signal.aborted)
      return;
    element.textContent = email;
    element.classList.remove('id');
  });
  return element;
}

/** A link to a session's history. */
export const sessionLink = (userId: string, sessionId: string, at: string): HTMLElement => link(
  texts.session.history, toHash(`users/${userId}`, { session: sessionId }),
  { 'aria-label': texts.session.historyAt(at), title: sessionId });

/** A link to what an address did. */
export const addressLink = (address: string): HTMLElement | string => address === '' ? texts.none
  : address === 'unknown' ? texts.unknown
  // As long as an IPv4 one it stays in a line.
  : link(address, toHash('activity', { address }), { title: texts.activity.ofAddress, class: address.length <= 15 && 'short' });

/** The key of an email without an account, in place of a user. */
export const unknownAccount = (key: string | null | undefined): HTMLElement => el('span', { title: key }, texts.unknownEmail);
