import { count } from '../format.ts';
import { type Child, el } from './dom.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child;
  /** Figures stand at the right. */
  readonly numeric?: boolean;
}

export interface TableOptions<Row> {
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** What to say where there are no rows. */
  readonly empty: string;
  /** Names a row across updates, so that the focus can come back to it. */
  readonly key?: (row: Row) => string;
}

/** A table that scrolls by itself where it is wider than the page. */
export function table<Row>({ caption, columns, rows, empty, key }: TableOptions<Row>): HTMLElement {
  if (rows.length === 0)
    return el('div', { class: 'table' }, el('p', { class: 'caption' }, caption), el('p', { class: 'empty' }, empty));
  const head = columns.map(({ title, numeric }) => el('th', { scope: 'col', class: numeric === true ? 'numeric' : null }, title));
  const body = rows.map(row => el('tr', { 'data-key': key?.(row) }, ...columns.map(({ cell, numeric }, i) => i === 0
    ? el('th', { scope: 'row', tabindex: key === undefined ? null : -1 }, cell(row))
    : el('td', { class: numeric === true ? 'numeric' : null }, cell(row)))));
  return el(
    'div', { class: 'table', role: 'region', 'aria-label': caption, tabindex: 0 },
    el('table', {}, el('caption', {}, caption), el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)),
  );
}

export interface Share {
  readonly name: string;
  readonly value: number;
  readonly shown: string;
}

/** A table whose figures have bars, in proportion to the largest. */
export function bars(caption: string, titles: readonly [string, string], shares: readonly Share[], empty: string): HTMLElement {
  const largest = Math.max(...shares.map(({ value }) => value), 0);
  return table<Share>({
    caption,
    columns: [
      { title: titles[0], cell: ({ name }) => name },
      { title: titles[1], cell: ({ shown, value }) => el('span', { class: 'share' }, bar(value, largest), shown) },
    ],
    rows: shares,
    empty,
  });
}

export function shareOf({ name, count: value }: { readonly name: string; readonly count: number }): Share {
  return { name, value, shown: count(value) };
}

function bar(value: number, largest: number): HTMLElement {
  const filled = el('span', { class: 'bar' });
  filled.style.setProperty('inline-size', `${largest === 0 ? 0 : value / largest * 100}%`);
  return el('span', { class: 'track', 'aria-hidden': 'true' }, filled);
}
