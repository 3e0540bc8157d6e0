import { ifAllowed } from '../../../client/src/platform/platform.ts';
import { setFormats } from '../format.ts';
import { language, languageOf, languages, setLanguage, texts } from '../texts/texts.ts';
import { el } from './dom.ts';

const [languageKey, zoneKey] = ['dashboard:language', 'dashboard:zone'];
const stored = (key: string): string | null => ifAllowed(() => localStorage.getItem(key));

/** Language and zone that were chosen here; else those of the browser. */
export async function applyPreferences(): Promise<void> {
  await setLanguage(languageOf(stored(languageKey) ?? navigator.language));
  setFormats(stored(zoneKey) === 'utc');
  document.documentElement.lang = language;
}

type Option = readonly [value: string, text: string, lang?: string];

/** The switches of language and zone. */
export function preferences(onChange: () => void): HTMLElement {
  const choice = (label: string, name: string, chosen: string, options: readonly Option[]): HTMLElement => {
    const control = el(
      'select', { 'aria-label': label, on: { change: async () => {
        ifAllowed(() => localStorage.setItem(name, control.value));
        await applyPreferences();
        onChange();
        document.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
      } }, name },
      ...options.map(([value, text, lang]) => el('option', { value, lang, selected: value === chosen }, text)));
    return control;
  };
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return el(
    'div', { class: 'preferences' },
    choice(texts.preferences.language, languageKey, language, Object.entries(languages).map(([tag, name]) => [tag, name, tag] as const)),
    choice(texts.preferences.zone, zoneKey, stored(zoneKey) ?? 'local', [['local', texts.preferences.local(timeZone)], ['utc', 'UTC']]),
  );
}
