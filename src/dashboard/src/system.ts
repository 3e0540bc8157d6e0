/** A user agent in words, as the service names devices (DeviceName.cs). Ordered: most browsers also name those they descend from. */

import { texts } from './texts/texts.ts';

const browsers: Readonly<Record<string, string>> = {
  'Edg/': 'Edge', 'EdgA/': 'Edge', 'EdgiOS/': 'Edge', 'OPR/': 'Opera', 'SamsungBrowser/': 'Samsung Internet', 'Vivaldi/': 'Vivaldi',
  'Firefox/': 'Firefox', 'FxiOS/': 'Firefox', 'CriOS/': 'Chrome', 'Chrome/': 'Chrome', 'Version/': 'Safari',
};
const systems: Readonly<Record<string, string>> = {
  iPhone: 'iPhone', iPad: 'iPad', Android: 'Android', CrOS: 'ChromeOS', Windows: 'Windows', Macintosh: 'Mac', Linux: 'Linux',
};

const find = (marks: Readonly<Record<string, string>>, agent: string): string | undefined =>
  Object.entries(marks).find(([mark]) => agent.includes(mark))?.[1];

/** `Firefox on Windows`, as far as it is known; null without a user agent. */
export const systemOf = (agent: string | null): string | null =>
  agent === null || agent === '' ? null : joinSystem(find(browsers, agent), find(systems, agent));

export const joinSystem = (browser: string | undefined, system: string | undefined): string =>
  browser !== undefined && system !== undefined ? texts.browserOn(browser, system) : browser ?? system ?? texts.unknown;
