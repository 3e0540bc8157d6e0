import type { Connection } from '../api/connection.ts';
import type { View } from '../views/view.ts';
import { el } from './dom.ts';
import { anyOf } from '../platform.ts';

/** What is around every view: the way to the others, who is logged in, and where changes are told. */
export function frame(
  views: Readonly<Record<string, View>>, connection: Connection, email: string, signal: AbortSignal, logout: () => void,
): { elements: readonly HTMLElement[]; say: (text: string) => void } {
  const links = Object.entries(views).map(([name, { title }]) => el('a', { href: `#${name}` }, title));
  const status = el('p', { role: 'status', class: 'status' });
  const main = el('main', { id: 'main', tabindex: -1 });
  const say = (text: string) => {
    status.textContent = text;
  };

  let leave = new AbortController();
  function show(): void {
    leave.abort();
    leave = new AbortController();
    const [name = '', ...parts] = decode(location.hash.slice(1)).split('/');
    const [chosen, view] = Object.entries(views).find(([each]) => each === name) ?? Object.entries(views)[0]!;
    for (const link of links)
      link.toggleAttribute('aria-current', false);
    links.find(link => link.hash === `#${chosen}`)?.setAttribute('aria-current', 'page');
    document.title = `${view.title} - Sessions`;
    say('');
    const heading = el('h1', { tabindex: -1 }, view.title);
    main.replaceChildren(heading, ...view.show({ signal: anyOf(signal, leave.signal), say }, connection, parts.join('/')));
    if (main.isConnected)
      heading.focus();
  }

  addEventListener('hashchange', show, { signal });
  show();
  return {
    elements: [
      el('a', { class: 'skip', href: '#main', on: { click: event => {
        // The address behind the # chooses the view.
        event.preventDefault();
        main.focus();
      } } }, 'Skip to the content'),
      el(
        'header', {},
        el('p', { class: 'name' }, 'Sessions'),
        el('nav', { 'aria-label': 'Pages' }, ...links),
        el('p', { class: 'who' }, el('span', {}, email), el('button', { type: 'button', on: { click: logout } }, 'Log out')),
      ),
      main,
      el('footer', {}, status),
    ],
    say,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
