import type { Account } from '../../../client/src/index.ts';
import type { AdminClient } from '../admin-client.ts';
import { Emails } from '../emails.ts';
import { texts } from '../texts/texts.ts';
import type { AdminAccounts } from '../wire.ts';
import { button, el } from './dom.ts';
import { type Place, readHash, toQuery } from './hash.ts';
import { preferences } from './preferences.ts';
import type { ViewContext } from './section.ts';
import { anySignal } from './signals.ts';

/** A view of the dashboard. */
export interface View {
  readonly title: () => string;
  readonly show: (context: ViewContext, client: AdminClient, place: Place) => readonly Node[];
}

/** The layout around the views: navigation, account, live region. The URL's hash chooses the view. */
export function layout(
  views: Readonly<Record<string, View>>, client: AdminClient, { id, email }: Account, signal: AbortSignal,
  logout: () => void, onPreferences: () => void,
): { elements: readonly HTMLElement[]; announce: (text: string) => void } {
  const links = Object.entries(views).map(([name, { title }]) => el('a', { href: `#${name}` }, title()));
  const status = el('p', { role: 'status', class: 'status' });
  const main = el('main', { id: 'main', tabindex: -1 });
  const announce = (text: string) => {
    // The same text again is news, too: with a space it is another.
    status.textContent = text !== '' && text === status.textContent ? `${text}\u00a0` : text;
  };

  const setTitle = (text: string) => {
    document.title = `${text} - Sessions`;
  };
  const emails = new Emails(async ids =>
    (await client.get<AdminAccounts>(`admin/accounts${toQuery({ ids: ids.join(',') })}`, 'accounts', signal)).accounts);

  let current = new AbortController();
  function show(): void {
    current.abort();
    current = new AbortController();
    const place = readHash(location.hash);
    const [chosen, view] = Object.entries(views).find(([each]) => each === place.view) ?? Object.entries(views)[0]!;
    for (const link of links)
      link.toggleAttribute('aria-current', false);
    links.find(link => link.hash === `#${chosen}`)?.setAttribute('aria-current', 'page');
    setTitle(view.title());
    announce('');
    const heading = el('h1', { tabindex: -1 }, view.title());
    const context = { signal: anySignal(signal, current.signal), announce, setTitle, emails, administrator: id };
    main.replaceChildren(heading, ...view.show(context, client, place));
    if (main.isConnected)
      (main.querySelector<HTMLElement>('[data-focus]') ?? heading).focus();
  }

  addEventListener('hashchange', show, { signal });
  show();
  return {
    elements: [
      el('a', { class: 'skip', href: '#main', on: { click: event => {
        // The hash chooses the view.
        event.preventDefault();
        main.focus();
      } } }, texts.skip),
      el(
        'header', {},
        el('p', { class: 'name' }, 'Sessions'),
        el('nav', { 'aria-label': texts.pages }, ...links),
        preferences(onPreferences),
        el('p', { class: 'who' }, el('span', {}, email), button(texts.logOut, logout)),
      ),
      main,
      el('footer', {}, status),
    ],
    announce,
  };
}
