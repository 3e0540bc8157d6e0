import { SessionError } from '../../../client/src/index.ts';
import { formatTime } from '../format.ts';
import { ask } from '../page/ask.ts';
import { button, el, section, time } from '../page/dom.ts';
import { loadSection, runAction } from '../page/section.ts';
import { table } from '../page/table.ts';
import { texts } from '../texts/texts.ts';
import type { UserPasskey, UserPasskeys } from '../wire.ts';
import { distinct } from './session.ts';
import type { UserPage } from './user.ts';

/** The passkeys of a user; a service without passkeys has no route for them. */
export function passkeys(page: UserPage) {
  const { context, client, route } = page;
  const errors = el('div', {});
  const loaded = loadSection(context, texts.passkeys.what, async signal => {
    try {
      return (await client.get<UserPasskeys>(`${route}/passkeys`, 'passkeys', signal)).passkeys;
    } catch (error) {
      if (error instanceof SessionError && error.code === 'not_found')
        return [];
      throw error;
    }
  }, rows => [renderTable(rows, passkey => void runAction(context, errors, remove(passkey), page.reload))]);

  /** Removes one after a confirmation; resolves to what was done, or null if it was cancelled. */
  async function remove({ id, name, createdAt }: UserPasskey): Promise<string | null> {
    const answer = await ask({
      title: texts.passkeys.question(name),
      content: [el('p', {}, texts.passkeys.hint(page.name(), formatTime(createdAt))), el('p', { class: 'hint' }, texts.onRecord)],
      answers: [['remove', texts.passkeys.remove, true]],
    }, context.signal);
    if (answer === null)
      return null;
    await client.send('DELETE', `${route}/passkeys/${encodeURIComponent(id)}`, { signal: context.signal });
    return texts.passkeys.removed(name);
  }

  return { element: section(texts.passkeys.title, errors, loaded.element), reload: loaded.reload };
}

function renderTable(rows: readonly UserPasskey[], remove: (passkey: UserPasskey) => void): HTMLElement {
  const name = distinct(rows, ({ name, createdAt }) => texts.passkeys.removeOf(name, formatTime(createdAt)));
  return table({
    caption: texts.passkeys.title,
    key: passkey => passkey.id,
    columns: [
      { title: texts.passkeys.name, cell: passkey => passkey.name },
      { title: texts.actions, actions: passkey => [
        button(texts.passkeys.remove, () => remove(passkey), { class: 'danger', 'aria-label': name(passkey) }),
      ] },
      { title: texts.account.state, cell: ({ forReview }) =>
        forReview === true ? el('strong', { class: 'bad' }, texts.passkeys.forReview) : texts.passkeys.usable },
      { title: texts.passkeys.provider, text: passkey => passkey.provider },
      { title: texts.account.created, time: passkey => passkey.createdAt },
      { title: texts.passkeys.lastUsed, cell: ({ lastUsedAt }) => lastUsedAt === null ? texts.never : time(lastUsedAt) },
    ],
    rows,
    empty: texts.passkeys.empty,
  });
}
