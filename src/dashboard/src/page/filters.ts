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
  /** The filter that the service doesn't combine with this one: choosing one clears the other. */
  readonly excludes?: string;
}

/**
 * The filters of a list, which are kept in the URL's hash.
 * @param path What the hash has before them.
 * @param others What else the hash may have; the rest, which no control shows, is dropped.
 * @returns The form, and what its controls show at first.
 */
export function filterForm(
  path: string, query: Query, filters: readonly Filter[], onChange: (query: Query) => void, others: readonly string[] = [],
): { readonly element: HTMLElement; readonly query: Query } {
  const controls = filters.map(filter => ({ filter, control: controlOf(filter, query[filter.name] ?? '') }));
  const read = (): Query => Object.fromEntries(controls.map(({ filter: { name, type }, control: { value } }) =>
    [name, type === 'time' ? toInstant(value) : value.trim()]));
  controls.forEach(({ control }) => clearExcluded(control));
  const shown = read();
  const unknown = Object.keys(query).filter(name => !others.includes(name));
  replaceQuery(path, { ...Object.fromEntries(unknown.map(name => [name, ''])), ...shown });
  let applied = toQuery(shown);

  function apply(): void {
    const chosen = read();
    if (toQuery(chosen) === applied)
      return;
    applied = toQuery(chosen);
    replaceQuery(path, chosen);
    onChange(chosen);
  }

  function clearExcluded(changed: EventTarget | null): void {
    const chosen = controls.find(({ control }) => control === changed && control.value !== '');
    for (const { filter, control } of controls) {
      if (filter.name === chosen?.filter.excludes)
        control.value = '';
    }
  }

  const element = form(
    { class: 'filters', role: 'search', 'aria-label': texts.filters.title, on: { change: ({ target }) => {
      clearExcluded(target);
      apply();
    } } }, apply,
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
  return { element, query: shown };
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
