import type { AdminClient } from '../admin-client.ts';
import { formatClock, formatCount } from '../format.ts';
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
    const { from, to } = lastDays(1, Date.now());
    return client.get<Statistics>(`admin/statistics?from=${from}&to=${to}&limit=1`, 'days', signal);
  };
  const loaded = loadSection(context, texts.now.what, get, ({ live: figures }) => figures === undefined ? [
    el('p', { class: 'empty' }, texts.now.none),
  ] : [
    definitions('figures', [
      [texts.now.sessions, formatCount(figures.sessionsActive)],
      [texts.now.online, figures.onlineUsers === undefined ? texts.now.noRedis : formatCount(figures.onlineUsers)],
      [texts.now.logins, formatCount(figures.loginsToday)],
      [texts.now.failed, formatCount(figures.failedLoginsToday)],
    ]),
    el('p', { class: 'hint' }, texts.now.at(formatClock(figures.at))),
  ]);
  return section(texts.now.title, live(context.signal, pollEvery, () => loaded.poll()).element, loaded.element);
}
