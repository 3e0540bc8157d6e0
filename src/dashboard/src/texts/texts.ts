import { en, type Texts } from './en.ts';

/** The languages of the page, each by its own name. A new one is a file beside en.ts, and a line here and in `setLanguage`. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;

export let texts: Texts = en;
export let language: Language = 'en';

/** The language of a tag such as `de-AT`; English where there is none. */
export function languageOf(tag: string): Language {
  const [primary = ''] = tag.toLowerCase().split('-');
  return primary in languages ? primary as Language : 'en';
}

/** Loads the texts of a language; English is part of the page, and stays where another can't be loaded. */
export async function setLanguage(chosen: Language): Promise<void> {
  const loaded = chosen === 'de' ? await import('./de.ts').then(({ de }) => de, () => null) : null;
  texts = loaded ?? en;
  language = loaded === null ? 'en' : chosen;
}

/** The name of a code of the API, such as `expired_idle`; a newer service may send others. */
export const nameOf = (code: string): string => (texts.names as Readonly<Record<string, string>>)[code] ?? humanize(code);

/** `expired_idle` as `Expired idle`. */
export const humanize = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');

/** `none` for an absent value. */
export const orNone = (text: string | null | undefined): string => text === null || text === undefined || text === '' ? texts.none : text;
