import { ask } from '../page/ask.ts';
import { el } from '../page/dom.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccount, Secured } from '../wire.ts';
import { endingSessions } from './ending-sessions.ts';
import type { UserPage } from './user.ts';

/** Secures an account after a confirmation; resolves to what was done, or null if it was cancelled. */
export async function secure(page: UserPage, account: AdminAccount): Promise<string | null> {
  const { context, client, route } = page;
  const ending = endingSessions(page);
  const answer = await ask({
    title: texts.secure.title(account.email),
    content: [
      ending.element,
      el('p', {}, texts.secure.disableHint(account)),
      el('p', {}, texts.secure.passwordHint(account)),
      el('p', { class: 'hint' }, texts.onRecord),
    ],
    answers: [['password', texts.secure.password, true], ['disable', texts.secure.disable, true]],
    ready: ending.loaded,
  }, context.signal);
  if (answer === null)
    return null;
  const { sessionsEnded } = await client.send<Secured>('POST', `${route}/secure`, {
    body: { disable: answer === 'disable' }, required: 'sessionsEnded', signal: context.signal,
  });
  return (answer === 'disable' ? texts.secure.disabled : texts.secure.passwordSent)(sessionsEnded);
}
