import { timeZone, toInput, toInstant } from '../format.ts';
import { texts } from '../texts/texts.ts';
import { button, el, field, form } from './dom.ts';
import { type Query, replaceQuery, toQuery } from './hash.ts';

export interface Filter {
  /** In the URL's hash. */
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'time';
  readonly options?: readonly (readonly [value: string, text: string])[];
  readonly hint?: string;
}

/**
 * The filters of a list, which are kept in the URL's hash.
 * @param path What the hash has before them.
 */
export function filterForm(path: string, query: Query, filters: readonly Filter[], onChange: (query: Query) => void): HTMLElement {
  const controls = filters.map(filter => ({ filter, control: controlOf(filter, query[filter.name] ?? '') }));
  const read = (): Query => Object.fromEntries(controls.map(({ filter: { name, type }, control: { value } }) =>
    [name, type === 'time' ? toInstant(value) : value.trim()]));
  let applied = toQuery(Object.fromEntries(filters.map(({ name }) => [name, query[name]])));

  function apply(): void {
    const chosen = read();
    if (toQuery(chosen) === applied)
      return;
    applied = toQuery(chosen);
    replaceQuery(path, chosen);
    onChange(chosen);
  }

  return form(
    { class: 'filters', role: 'search', 'aria-label': texts.filters.title, on: { change: apply } }, apply,
    ...controls.map(({ filter: { label, type, hint }, control }) =>
      field(type === 'time' ? `${label} (${timeZone()})` : label, control, hint)),
    el(
      'div', { class: 'actions' },
      el('button', { class: 'primary' }, texts.filters.apply),
      button(texts.filters.clear, () => {
        controls.forEach(({ control }) => void (control.value = ''));
        apply();
      }),
    ),
  );
}

function controlOf({ name, type = 'text', options }: Filter, value: string): HTMLInputElement | HTMLSelectElement {
  if (options) {
    const all = [['', texts.filters.all] as const, ...options];
    return el('select', { name }, ...all.map(([each, text]) => el('option', { value: each, selected: each === value }, text)));
  }
  return type === 'time'
    ? el('input', { name, type: 'datetime-local', step: 1, value: toInput(value) })
    : el('input', { name, type, value, autocomplete: 'off', spellcheck: 'false' });
}
