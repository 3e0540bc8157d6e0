import { ask } from '../page/ask.ts';
import { el, field } from '../page/dom.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccount } from '../wire.ts';
import type { UserPage } from './user.ts';

/** Asks for the roles of an account, and sets them; resolves to what was done, or null if nothing was. */
export async function askRoles({ context, client, route }: UserPage, { id, email, roles }: AdminAccount): Promise<string | null> {
  const input = el('input', {
    type: 'text', name: 'roles', value: roles.join(' '), autocomplete: 'off', spellcheck: 'false', autofocus: true,
  });
  const answer = await ask({
    title: texts.roles.title(email),
    content: [
      field(texts.account.roles, input, id === context.administrator ? `${texts.roles.hint} ${texts.roles.own}` : texts.roles.hint),
      el('p', { class: 'hint' }, texts.onRecord),
    ],
    answers: [['set', texts.roles.set]],
  }, context.signal);
  if (answer === null)
    return null;
  const chosen = input.value.split(/[\s,]+/).filter(Boolean);
  await client.send<AdminAccount>('PATCH', route, { body: { roles: [...new Set(chosen)] }, required: 'id', signal: context.signal });
  return texts.roles.done;
}
