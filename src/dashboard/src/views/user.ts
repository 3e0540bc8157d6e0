import type { AdminClient } from '../admin-client.ts';
import { el, link } from '../page/dom.ts';
import { type Query, replaceQuery } from '../page/hash.ts';
import type { ViewContext } from '../page/section.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccount } from '../wire.ts';
import { account } from './account.ts';
import { sessionHistory } from './history.ts';
import { passkeys } from './passkeys.ts';
import { sessions } from './sessions.ts';
import { timeline } from './timeline.ts';

/** What the parts of a user's page share. */
export interface UserPage {
  readonly context: ViewContext;
  readonly client: AdminClient;
  readonly id: string;
  /** Of the user's account in the API. */
  readonly route: string;
  /** Shows the history of a session, and moves the focus there. */
  readonly showHistory: (sessionId: string) => void;
  /** Loads all parts again: after an act. */
  readonly reload: () => Promise<void>;
  /** The email, once it is known; until then the id. */
  readonly name: () => string;
}

export interface Part {
  readonly element: HTMLElement;
  readonly reload: () => Promise<boolean>;
}

/** One user: the account, what can be done, the sessions, and the history of all of them. */
export function user(context: ViewContext, client: AdminClient, id: string, query: Query): readonly Node[] {
  let email = id;
  const historyPlace = el('div', {});
  let opened: Part | null = null;
  const page: UserPage = {
    context, client, id, route: `admin/accounts/${encodeURIComponent(id)}`,
    showHistory(sessionId) {
      replaceQuery(`users/${id}`, { session: sessionId });
      openHistory(sessionId);
      historyPlace.querySelector('h2')?.focus();
      context.setTitle(texts.history.titleOf(page.name()));
    },
    async reload() {
      await Promise.all([...parts, opened].map(part => part?.reload()));
    },
    name: () => email,
  };
  const parts: readonly Part[] = [account(page, onLoaded), sessions(page), timeline(page, query), passkeys(page)];

  function onLoaded(shown: AdminAccount): void {
    ({ email } = shown);
    context.emails.learn(shown);
    context.setTitle(opened ? texts.history.titleOf(email) : texts.user.titleOf(email));
  }

  function openHistory(sessionId: string): void {
    opened = sessionHistory(page, sessionId);
    historyPlace.replaceChildren(opened.element);
  }

  if (query['session'])
    openHistory(query['session']);
  const [first, ...others] = parts.map(({ element }) => element);
  return [el('p', {}, link(texts.users.all, '#users')), first!, historyPlace, ...others];
}
