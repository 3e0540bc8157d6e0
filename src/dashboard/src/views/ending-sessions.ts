import type { Device } from '../../../client/src/index.ts';
import { el } from '../page/dom.ts';
import { loadSection } from '../page/section.ts';
import { texts } from '../texts/texts.ts';
import type { Sessions } from '../wire.ts';
import { describe } from './session.ts';
import type { UserPage } from './user.ts';

const mostListed = 8;

/** The sessions that an act will end. */
export function listSessions(sessions: readonly Device[]): HTMLElement {
  const more = sessions.length - mostListed;
  return el(
    'ul', { class: 'list' },
    ...sessions.slice(0, mostListed).map(session => el('li', {}, describe(session))),
    more > 0 ? el('li', {}, texts.session.andMore(more)) : null,
  );
}

/** All sessions of a user as they are now, for the confirmation of an act that will end them. */
export const endingSessions = ({ context, client, route }: UserPage): HTMLElement => el('div', { 'aria-live': 'polite' }, loadSection(
  context, texts.session.what, signal => client.get<Sessions>(`${route}/sessions`, 'sessions', signal),
  ({ sessions }) => sessions.length === 0
    ? [el('p', {}, texts.session.noneEnds)]
    : [el('p', {}, texts.session.allEnd), listSessions(sessions)]).element);
