import { countByCountry, countryOf, type Located } from '../locations.ts';
import { el, field } from '../page/dom.ts';
import type { ViewContext } from '../page/section.ts';
import { bars, toBar } from '../page/table.ts';
import { texts } from '../texts/texts.ts';

/**
 * Adds a list by country to a table, and a filter, which outlives a reload. Of one country there is neither.
 * @param what The rows, such as `Sessions`.
 */
export function withCountries({ announce }: ViewContext, what: string) {
  let chosen = '';
  return <Row extends Located>(rows: readonly Row[], render: (rows: readonly Row[]) => HTMLElement): readonly Node[] => {
    const counts = countByCountry(rows);
    if (!counts.some(({ name }) => name === chosen))
      chosen = '';
    if (counts.length < 2)
      return [render(rows)];
    const shown = (): readonly Row[] => rows.filter(row => chosen === '' || countryOf(row) === chosen);
    const list = el('div', {}, render(shown()));
    const filter = el(
      'select', { name: 'in', on: { change: () => {
        chosen = filter.value;
        list.replaceChildren(render(shown()));
        announce(texts.count(shown().length, what));
      } } },
      el('option', { value: '' }, texts.filters.all),
      ...counts.map(({ name }) => el('option', { value: name, selected: name === chosen }, name)),
    );
    return [
      bars(texts.byCountry(what), [texts.country, what], counts.map(toBar), ''),
      el('div', { class: 'search' }, field(texts.country, filter)),
      list,
    ];
  };
}
