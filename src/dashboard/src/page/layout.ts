import type { AdminClient } from '../admin-client.ts';
import { button, el } from './dom.ts';
import type { ViewContext } from './section.ts';
import { anySignal } from './signals.ts';

/** A view of the dashboard; `argument` is what follows its name in the URL's hash. */
export interface View {
  readonly title: string;
  readonly show: (context: ViewContext, client: AdminClient, argument: string) => readonly Node[];
}

/** The layout around the views: navigation, account, live region. The URL's hash chooses the view. */
export function layout(
  views: Readonly<Record<string, View>>, client: AdminClient, email: string, signal: AbortSignal, logout: () => void,
): { elements: readonly HTMLElement[]; announce: (text: string) => void } {
  const links = Object.entries(views).map(([name, { title }]) => el('a', { href: `#${name}` }, title));
  const status = el('p', { role: 'status', class: 'status' });
  const main = el('main', { id: 'main', tabindex: -1 });
  const announce = (text: string) => {
    status.textContent = text;
  };

  let current = new AbortController();
  function show(): void {
    current.abort();
    current = new AbortController();
    const [name = '', ...parts] = decode(location.hash.slice(1)).split('/');
    const [chosen, view] = Object.entries(views).find(([each]) => each === name) ?? Object.entries(views)[0]!;
    for (const link of links)
      link.toggleAttribute('aria-current', false);
    links.find(link => link.hash === `#${chosen}`)?.setAttribute('aria-current', 'page');
    document.title = `${view.title} - Sessions`;
    announce('');
    const heading = el('h1', { tabindex: -1 }, view.title);
    main.replaceChildren(heading, ...view.show({ signal: anySignal(signal, current.signal), announce }, client, parts.join('/')));
    if (main.isConnected)
      heading.focus();
  }

  addEventListener('hashchange', show, { signal });
  show();
  return {
    elements: [
      el('a', { class: 'skip', href: '#main', on: { click: event => {
        // The hash chooses the view.
        event.preventDefault();
        main.focus();
      } } }, 'Skip to content'),
      el(
        'header', {},
        el('p', { class: 'name' }, 'Sessions'),
        el('nav', { 'aria-label': 'Pages' }, ...links),
        el('p', { class: 'who' }, el('span', {}, email), button('Log out', logout)),
      ),
      main,
      el('footer', {}, status),
    ],
    announce,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
