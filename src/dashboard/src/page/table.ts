import { formatCount } from '../format.ts';
import { language, orNone, texts } from '../texts/texts.ts';
import type { NamedCount } from '../wire.ts';
import { download, toCsv } from './csv.ts';
import { button, type Child, el, setChildren, time } from './dom.ts';

export interface Column<Row> {
  readonly title: string;
  /** What a cell shows: content, a count, a time, a text that may be absent, or controls, which aren't exported. */
  readonly cell?: (row: Row) => Child;
  readonly count?: (row: Row) => number | undefined;
  readonly time?: (row: Row) => string;
  readonly text?: (row: Row) => string | null | undefined;
  readonly actions?: (row: Row) => readonly Child[];
  /** What is exported in place of what the cell shows. */
  readonly csv?: (row: Row) => string;
}

export interface TableOptions<Row> {
  readonly caption: string;
  /** The first is the row's header. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Text for an empty table. */
  readonly empty: string;
  /** Whether the titles of the columns sort the rows that are shown. */
  readonly isSortable?: boolean;
  /** Identifies a row across updates, to keep the focus. */
  readonly key?: (row: Row) => string;
}

// Explicit, since a card's display takes the roles from a table.
const roles = { table: 'table', group: 'rowgroup', row: 'row', head: 'columnheader', rowHead: 'rowheader', cell: 'cell' } as const;

/** A table, which a narrow page shows as cards if it has more than two columns. */
export const table = <Row>({ rows, ...options }: TableOptions<Row>): HTMLElement => growingTable(options)(rows);

/** A table to render again with other rows, sorted as before. Those that stay keep their elements, and so the focus and a selection. */
export function growingTable<Row>(
  { caption, columns, empty, isSortable = false, key }: Omit<TableOptions<Row>, 'rows'>,
): (rows: readonly Row[]) => HTMLElement {
  let shown: readonly Row[] = [];
  let lines: readonly HTMLTableRowElement[] = [];
  let sorted: Readonly<{ by: number; order: 'ascending' | 'descending' }> | null = null;
  const head = columns.map((column, i) => el(
    'th', { scope: 'col', role: roles.head, class: column.count && 'numeric' },
    isSortable && !column.actions
      ? button(column.title, () => sort(i), { class: 'sort', 'aria-label': texts.sort(column.title, caption) })
      : column.title));
  const body = el('tbody', { role: roles.group });
  const full = el(
    'table', { role: roles.table },
    el('caption', {}, caption),
    el('thead', { role: roles.group }, el('tr', { role: roles.row }, ...head)),
    body,
  );
  const csv = button('CSV', () => download(`${caption}.csv`, toCsv(cellsOf(full, columns))), {
    class: 'csv', 'aria-label': `CSV: ${caption}`, 'data-key': `csv ${caption}`,
  });
  const none = [el('p', { class: 'caption' }, caption), el('p', { class: 'empty' }, empty)];
  const element = el('div', { class: columns.length > 2 ? 'table cards' : 'table' });

  const toLine = (row: Row): HTMLTableRowElement => el('tr', { role: roles.row, 'data-key': key?.(row) }, ...columns.map((column, i) => {
    const shared = { 'data-title': column.title, 'data-csv': column.csv?.(row), class: column.count && 'numeric' };
    return i === 0
      ? el('th', { ...shared, scope: 'row', role: roles.rowHead, tabindex: key && -1 }, content(column, row))
      : el('td', { ...shared, role: roles.cell }, content(column, row));
  }));

  /** Sorts by a column, also what is rendered later; again, the other way around. */
  function sort(by: number): void {
    sorted = { by, order: sorted?.by === by && sorted.order === 'ascending' ? 'descending' : 'ascending' };
    head.forEach((cell, i) => i === by ? cell.setAttribute('aria-sort', sorted!.order) : cell.removeAttribute('aria-sort'));
    setChildren(body, inOrder());
  }

  function inOrder(): readonly HTMLTableRowElement[] {
    if (sorted === null)
      return lines;
    const { by, order } = sorted;
    const { count } = columns[by]!;
    const valueOf = (i: number): number | string => count?.(shown[i]!) ?? textOf(lines[i]!.cells[by]!);
    const ascending = lines.map((_, i) => i).toSorted((a, b) => compare(valueOf(a), valueOf(b)));
    return (order === 'ascending' ? ascending : ascending.toReversed()).map(i => lines[i]!);
  }

  return rows => {
    const known = new Map(shown.map((row, i) => [row, lines[i]!]));
    [shown, lines] = [rows, rows.map(row => known.get(row) ?? toLine(row))];
    setChildren(body, inOrder());
    setChildren(element, rows.length === 0 ? none : [csv, full]);
    return element;
  };
}

// A time by its instant, not by the name of its month.
const textOf = (cell: HTMLElement): string => cell.querySelector('time')?.dateTime ?? cell.innerText;

const compare = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), language, { numeric: true });

function content<Row>({ cell, count, time: timeOf, text, actions }: Column<Row>, row: Row): Child {
  if (count)
    return formatCount(count(row));
  if (timeOf)
    return time(timeOf(row));
  if (actions)
    return el('span', { class: 'actions' }, ...actions(row));
  return text ? orNone(text(row)) : cell!(row);
}

// As it is shown now: with the emails that came later.
const cellsOf = (element: HTMLTableElement, columns: readonly Column<never>[]): string[][] => [...element.rows].map(row =>
  [...row.cells].filter((_, i) => !columns[i]?.actions).map(cell => cell.dataset['csv'] ?? cell.innerText.trim()));

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

export const toBar = ({ name, count }: NamedCount): Bar => ({ name, value: count, shown: formatCount(count) });
