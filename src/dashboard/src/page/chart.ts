import { formatCount } from '../format.ts';
import { texts } from '../texts/texts.ts';
import { el } from './dom.ts';
import { table } from './table.ts';

export interface Series {
  readonly label: string;
  /** The style of its line: the second is dashed, to be told apart without colour. */
  readonly style: 'first' | 'second';
  /** By day; undefined where nothing is counted yet, which only the last days may be. */
  readonly values: readonly (number | undefined)[];
}

// Units of the drawing, which is stretched to its place.
const [width, height] = [1000, 200];

/**
 * A line chart over days, with its data as a table for screen readers.
 * @param complete How many of the days are complete: the line to the others is dotted.
 */
export function chart(title: string, days: readonly string[], complete: number, ...series: readonly Series[]): HTMLElement {
  if (days.length === 0)
    return el('figure', {}, el('figcaption', {}, title), el('p', { class: 'empty' }, texts.chart.empty));
  const labelOf = (i: number): string => i < complete ? days[i]!
    : series.some(({ values }) => values[i] !== undefined) ? texts.chart.unfinished(days[i]!) : texts.chart.uncounted(days[i]!);
  const readout = el('p', { class: 'readout', 'aria-hidden': 'true' }, ' ');
  const rows = days.map((_, i) => ({ day: labelOf(i), values: series.map(({ values }) => values[i]) }));
  return el(
    'figure', {},
    el('figcaption', {}, title),
    el('ul', { class: 'legend', 'aria-hidden': 'true' }, ...series.map(({ label, style }) => el('li', { class: `key ${style}` }, label))),
    el('div', { class: 'plot', 'aria-hidden': 'true' }, ...plot(days.map((_, i) => labelOf(i)), complete, series, i => {
      const { day, values } = rows[i]!;
      readout.textContent = `${day}: ${series.map(({ label }, j) => `${label} ${formatCount(values[j])}`).join(', ')}`;
    })),
    readout,
    el('details', {}, el('summary', {}, texts.chart.data(title)), table({
      caption: title,
      columns: [
        { title: texts.chart.day, cell: row => row.day },
        ...series.map(({ label }, i) => ({ title: label, count: (row: { values: (number | undefined)[] }) => row.values[i] })),
      ],
      rows: rows.toReversed(),
      empty: '',
    })),
  );
}

/** The lines, with the largest value and the first and last days beside them. */
function plot(
  days: readonly string[], complete: number, series: readonly Series[], onPoint: (index: number) => void,
): readonly Node[] {
  const most = roundUp(Math.max(5, ...series.flatMap(({ values }) => values.map(value => value ?? 0))));
  const x = (i: number): number => days.length === 1 ? width / 2 : i / (days.length - 1) * width;
  const point = (values: Series['values'], i: number): string => `${x(i).toFixed(1)} ${(height * (1 - values[i]! / most)).toFixed(1)}`;
  const line = (values: Series['values'], from: number, to: number): string =>
    `M${values.slice(from, to + 1).map((_, i) => point(values, from + i)).join('L')}`;
  const last = days.length - 1;
  const lastCounted = days.findLastIndex((_, i) => series.some(({ values }) => values[i] !== undefined));
  const lastComplete = Math.max(0, complete - 1);
  const cursor = shape('path', { class: 'cursor' });
  const drawing = shape(
    'svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
    shape('path', { class: 'grid', d: [0, 0.5, 1].map(part => `M0 ${part * height}H${width}`).join('') }),
    ...series.flatMap(({ style, values }) => [
      shape('path', { class: `line ${style}`, d: line(values, 0, lastComplete) }),
      ...lastComplete < lastCounted ? [shape('path', { class: `line unfinished ${style}`, d: line(values, lastComplete, lastCounted) })] : [],
      // Lines without length, whose round ends keep their shape in a stretched drawing.
      ...days.length < 45 ? [shape('path', { class: `points ${style}`, d: days.slice(0, lastCounted + 1).map((_, i) => `M${point(values, i)}h0`).join('') })] : [],
    ]),
    cursor,
  );
  drawing.addEventListener('pointermove', event => {
    const { left, width: shown } = drawing.getBoundingClientRect();
    const index = Math.min(last, Math.max(0, Math.round((event.clientX - left) / shown * last)));
    cursor.setAttribute('d', `M${x(index)} 0V${height}`);
    onPoint(index);
  });
  return [
    el('ol', { class: 'scale' }, ...[most, most / 2, 0].map(value => el('li', {}, formatCount(value)))),
    drawing,
    el('ol', { class: 'days' }, ...[...new Set([days[0]!, days[last]!])].map(day => el('li', {}, day))),
  ];
}

function shape(name: string, attributes: Readonly<Record<string, string>>, ...children: readonly Node[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** The next of 10, 20, 40, 60, 80, 100, 200 ..., whose half is whole. */
function roundUp(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) * 2;
  return value <= 10 ? 10 : Math.ceil(value / step) * step;
}
