import type { Device } from '../../../client/src/index.ts';
import { el } from '../page/dom.ts';
import { loadSection } from '../page/section.ts';
import { texts } from '../texts/texts.ts';
import type { Sessions } from '../wire.ts';
import { describe } from './session.ts';
import type { UserPage } from './user.ts';

/** The sessions that an act will end, in a list that scrolls if it is long. */
export const listSessions = (sessions: readonly Device[]): HTMLElement => el(
  'ul', sessions.length > 8 ? { class: 'list long', tabindex: 0, 'aria-label': texts.session.active } : { class: 'list' },
  ...sessions.map(session => el('li', {}, describe(session))));

/** All sessions of a user as they are now, for the confirmation of an act that will end them; `loaded` settles when they are shown. */
export function endingSessions({ context, client, route }: UserPage): { readonly element: HTMLElement; readonly loaded: Promise<unknown> } {
  const { element, loaded } = loadSection(
    context, texts.session.what, signal => client.get<Sessions>(`${route}/sessions`, 'sessions', signal),
    ({ sessions }) => sessions.length === 0
      ? [el('p', {}, texts.session.noneEnds)]
      : [el('p', {}, texts.session.allEnd), listSessions(sessions)]);
  return { element: el('div', { 'aria-live': 'polite' }, element), loaded };
}
