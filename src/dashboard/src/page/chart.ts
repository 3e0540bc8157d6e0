import uPlot from 'uplot';
import { toUnixSeconds } from '../period.ts';
import { formatCount } from '../format.ts';
import { el } from './dom.ts';
import { table } from './table.ts';

export interface Series {
  readonly label: string;
  /** A CSS custom property. */
  readonly color: `--${string}`;
  readonly dashed?: boolean;
  readonly values: readonly number[];
}

const height = 220;

/** A line chart over days, with its data as a table for screen readers. */
export function chart(title: string, days: readonly string[], signal: AbortSignal, ...series: readonly Series[]): HTMLElement {
  if (days.length === 0)
    return el('figure', {}, el('figcaption', {}, title), el('p', { class: 'empty' }, 'Nothing is counted yet for this period.'));
  const canvas = el('div', { class: 'canvas', 'aria-hidden': 'true' });
  const readout = el('p', { class: 'readout', 'aria-hidden': 'true' }, ' ');
  const data: uPlot.AlignedData = [days.map(toUnixSeconds), ...series.map(({ values }) => [...values])];
  let drawn: uPlot | null = null;

  const draw = () => {
    drawn?.destroy();
    const width = canvas.clientWidth;
    drawn = width === 0 ? null : new uPlot(optionsOf(canvas, series, width, index => {
      readout.textContent = index === null ? ' ' : readoutText(days, series, index);
    }), data, canvas);
  };
  const resized = new ResizeObserver(() => drawn === null ? draw() : drawn.setSize({ width: canvas.clientWidth, height }));
  resized.observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    drawn?.destroy();
  });

  const rows = days.map((day, i) => ({ day, values: series.map(({ values }) => values[i] ?? 0) }));
  return el(
    'figure', {},
    el('figcaption', {}, title),
    el('ul', { class: 'legend', 'aria-hidden': 'true' }, ...series.map(({ label, color, dashed }) =>
      el('li', { class: `key ${color.slice(2)}${dashed === true ? ' dashed' : ''}` }, label))),
    canvas,
    readout,
    el('details', {}, el('summary', {}, `${title}: data`), table({
      caption: title,
      columns: [
        { title: 'Day', cell: row => row.day },
        ...series.map(({ label }, i) => ({ title: label, count: (row: { values: number[] }) => row.values[i]! })),
      ],
      rows: rows.toReversed(),
      empty: '',
    })),
  );
}

function optionsOf(holder: HTMLElement, series: readonly Series[], width: number, pointed: (index: number | null) => void): uPlot.Options {
  const style = getComputedStyle(holder);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: `12px ${style.fontFamily}` };
  return {
    width,
    height,
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { drag: { setScale: false }, points: { size: 8 } },
    hooks: { setCursor: [({ cursor }) => pointed(cursor.idx ?? null)] },
    scales: { y: { range: (_, __, most) => [0, Math.max(5, Math.ceil(most * 1.1))] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map(tick => new Date(tick * 1000).toISOString().slice(5, 10)), size: 28, space: 56, incrs: [1, 2, 7, 14, 30, 60].map(days => days * 86_400) },
      { ...axis, values: (_, ticks) => ticks.map(tick => formatCount(tick)), size: 48, incrs: [0, 1, 2, 3, 4, 5, 6].flatMap(zeros => [1, 2, 5].map(step => step * 10 ** zeros)) },
    ],
    series: [{}, ...series.map(each => ({
      stroke: color(each.color),
      width: 2,
      dash: each.dashed === true ? [6, 4] : [],
      points: { show: each.values.length < 45, size: 6, fill: color(each.color) },
    }))],
  };
}

function readoutText(days: readonly string[], series: readonly Series[], index: number): string {
  return `${days[index] ?? ''}: ${series.map(({ label, values }) => `${label.toLowerCase()} ${formatCount(values[index] ?? 0)}`).join(', ')}`;
}
