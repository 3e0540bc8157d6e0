import { ifAllowed } from '../../client/src/platform/platform.ts';
import { language, texts } from './texts/texts.ts';

/** Formats numbers and times by Intl, in the language of the page and the zone that is chosen. */
function formatsOf(locale: string, timeZone: string | undefined) {
  const unit = (name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 });
  return {
    number: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
    time: new Intl.DateTimeFormat(locale, {
      year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
      timeZoneName: 'short', timeZone,
    }),
    clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short', timeZone }),
    regions: new Intl.DisplayNames(locale, { type: 'region' }),
    units: ([[86_400, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']] as const)
      .map(([size, name]) => ({ size, format: unit(name) })),
    kilometers: unit('kilometer'),
    milliseconds: unit('millisecond'),
    isUtc: timeZone === 'UTC',
  };
}

let formats = formatsOf('en', undefined);

/** @param isUtc Whether times are in UTC instead of the browser's zone. */
export function setFormats(isUtc: boolean): void {
  formats = formatsOf(language, isUtc ? 'UTC' : undefined);
}

/** A dash where nothing was counted. */
export const formatCount = (value: number | undefined): string => value === undefined ? '–' : formats.number.format(value);
export const formatKilometers = (value: number): string => formats.kilometers.format(value);
export const formatMilliseconds = (value: number): string => formats.milliseconds.format(value);

/** `2026-03-14T09:26:53.589Z` as `Mar 14, 2026, 10:26:53 GMT+1`: the zone is always written. */
export const formatTime = (text: string): string => formatBy(formats.time, text);

/** The same without the date: `10:26 GMT+1`. */
export const formatClock = (text: string): string => formatBy(formats.clock, text);

/** The name of the zone of all times: `Europe/Berlin`. */
export const timeZone = (): string => formats.time.resolvedOptions().timeZone;

function formatBy(format: Intl.DateTimeFormat, text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : format.format(at);
}

/** Seconds in the largest fitting unit: `59 sec`, `1.5 hr`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null)
    return texts.none;
  const { size, format } = formats.units.find(({ size }) => seconds >= size) ?? formats.units.at(-1)!;
  return format.format(seconds / size);
}

/** The name of a country by ISO 3166. */
export const formatCountry = (code: string): string => ifAllowed(() => formats.regions.of(code)) ?? code;

/** The value of an input of date and time as an instant, and back; empty where there is none. */
export const toInstant = (input: string): string => toIso(input === '' ? '' : `${input}${formats.isUtc ? 'Z' : ''}`);
export function toInput(instant: string): string {
  const at = new Date(instant);
  return toIso(formats.isUtc ? instant : new Date(at.getTime() - at.getTimezoneOffset() * 60_000)).slice(0, 19);
}

function toIso(time: string | Date): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
