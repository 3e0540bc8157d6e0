import type { Device } from '../../../client/src/index.ts';
import { ask } from '../page/ask.ts';
import { type Child, el } from '../page/dom.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccount, Secured } from '../wire.ts';
import { describe } from './session.ts';
import type { UserPage } from './user.ts';

/** Secures an account after a confirmation; resolves to what was done, or null if it was cancelled. */
export async function secure({ context, client, route }: UserPage, { email }: AdminAccount, sessions: readonly Device[]): Promise<string | null> {
  const answer = await ask({
    title: texts.secure.title(email),
    content: [
      el('p', {}, texts.secure.always),
      ...listSessions(sessions),
      el('p', {}, texts.secure.disableHint),
      el('p', {}, texts.secure.passwordHint(email)),
      el('p', { class: 'hint' }, texts.onRecord),
    ],
    answers: [['password', texts.secure.password, true], ['disable', texts.secure.disable, true]],
  }, context.signal);
  if (answer === null)
    return null;
  const { sessionsEnded } = await client.send<Secured>('POST', `${route}/secure`, {
    body: { disable: answer === 'disable' }, required: 'sessionsEnded', signal: context.signal,
  });
  return (answer === 'disable' ? texts.secure.disabled : texts.secure.passwordSent)(sessionsEnded);
}

const mostListed = 8;

/** The sessions that an act will end. */
export function listSessions(sessions: readonly Device[]): readonly Child[] {
  if (sessions.length === 0)
    return [];
  const more = sessions.length - mostListed;
  return [el(
    'ul', { class: 'list' },
    ...sessions.slice(0, mostListed).map(session => el('li', {}, describe(session))),
    more > 0 ? el('li', {}, texts.session.andMore(more)) : null,
  )];
}
