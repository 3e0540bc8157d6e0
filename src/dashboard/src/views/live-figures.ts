import type { AdminClient } from '../admin-client.ts';
import { formatCount, formatTime } from '../format.ts';
import { definitions, el, section } from '../page/dom.ts';
import { live } from '../page/live.ts';
import { loadSection, type ViewContext } from '../page/section.ts';
import { lastDays } from '../period.ts';
import { texts } from '../texts/texts.ts';
import type { Statistics } from '../wire.ts';

const pollEvery = 10_000;

/** What is going on now, counted or not. */
export function liveFigures(context: ViewContext, client: AdminClient): HTMLElement {
  const get = (signal: AbortSignal): Promise<Statistics> => {
    // Yesterday has the last counted hour until one of today is.
    const { from, to } = lastDays(2, Date.now());
    return client.get<Statistics>(`admin/statistics?from=${from}&to=${to}&limit=1`, 'days', signal);
  };
  const loaded = loadSection(context, texts.now.what, get, ({ live: figures, upTo }) => figures === undefined ? [
    el('p', { class: 'empty' }, texts.now.none),
  ] : [
    definitions('figures', [
      [texts.now.sessions, formatCount(figures.sessionsActive)],
      [texts.now.online, figures.onlineUsers === undefined ? texts.unknown : formatCount(figures.onlineUsers)],
      [texts.now.logins, formatCount(figures.loginsToday)],
      [texts.now.failed, formatCount(figures.failedLoginsToday)],
    ]),
    el(
      'p', { class: 'hint' }, texts.now.at(formatTime(figures.at)),
      // Then the service shows what it has counted.
      Date.parse(figures.at) <= Date.parse(upTo ?? '') ? ` ${texts.now.tooMany}` : null,
      figures.onlineUsers === undefined ? ` ${texts.now.noOnline}` : null,
    ),
  ]);
  return section(texts.now.title, live(context.signal, pollEvery, () => loaded.poll()).element, loaded.element);
}
