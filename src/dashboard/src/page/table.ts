import { formatCount, orNone } from '../format.ts';
import { type Child, el, time } from './dom.ts';

export interface Column<Row> {
  readonly title: string;
  /** What a cell shows: content, a count, a time, or a text that may be long or absent. */
  readonly cell?: (row: Row) => Child;
  readonly count?: (row: Row) => number;
  readonly time?: (row: Row) => string;
  readonly text?: (row: Row) => string | null;
}

export interface TableOptions<Row> {
  readonly caption: string;
  /** The first is the row's header. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Text for an empty table. */
  readonly empty: string;
  /** Identifies a row across updates, to keep the focus. */
  readonly key?: (row: Row) => string;
}

/** A table that scrolls horizontally if it is wider than the page. */
export function table<Row>({ caption, columns, rows, empty, key }: TableOptions<Row>): HTMLElement {
  if (rows.length === 0)
    return el('div', { class: 'table' }, el('p', { class: 'caption' }, caption), el('p', { class: 'empty' }, empty));
  const head = columns.map(({ title, count }) => el('th', { scope: 'col', class: count && 'numeric' }, title));
  const body = rows.map(row => el('tr', { 'data-key': key?.(row) }, ...columns.map((column, i) => i === 0
    ? el('th', { scope: 'row', tabindex: key && -1 }, content(column, row))
    : el('td', { class: column.count && 'numeric' }, content(column, row)))));
  return el(
    'div', { class: 'table', role: 'region', 'aria-label': caption, tabindex: 0 },
    el('table', {}, el('caption', {}, caption), el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)),
  );
}

function content<Row>({ cell, count, time: timeOf, text }: Column<Row>, row: Row): Child {
  if (count)
    return formatCount(count(row));
  if (timeOf)
    return time(timeOf(row));
  return text ? el('span', { class: 'long' }, orNone(text(row))) : cell!(row);
}

export type Bar = Readonly<{ name: string; value: number; shown: string }>;

/** A table with bars in proportion to the largest value. */
export function bars(caption: string, titles: readonly [string, string], rows: readonly Bar[], empty: string): HTMLElement {
  const largest = Math.max(...rows.map(({ value }) => value), 0);
  const bar = (value: number): HTMLElement => {
    const filled = el('span', { class: 'bar' });
    filled.style.setProperty('inline-size', `${largest === 0 ? 0 : value / largest * 100}%`);
    return el('span', { class: 'track', 'aria-hidden': 'true' }, filled);
  };
  return table({
    caption, rows, empty,
    columns: [
      { title: titles[0], cell: ({ name }) => name },
      { title: titles[1], cell: ({ shown, value }) => el('span', { class: 'share' }, bar(value), shown) },
    ],
  });
}

export const toBar = ({ name, count }: { readonly name: string; readonly count: number }): Bar => ({ name, value: count, shown: formatCount(count) });
