/** What the URL's hash tells: `#users/ID?session=...`. */
export interface Place {
  readonly view: string;
  /** What follows the name of the view. */
  readonly argument: string;
  readonly query: Query;
}

export type Query = Readonly<Record<string, string>>;

export function readHash(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
  const [view = '', ...parts] = decode(path).split('/');
  return { view, argument: parts.join('/'), query: Object.fromEntries(new URLSearchParams(search)) };
}

export const toHash = (path: string, query: Query = {}): string => `#${path}${toQuery(query)}`;

/** Changes a part of the query in the URL, without an event: the view stays. */
export const replaceQuery = (path: string, changes: Query): void =>
  history.replaceState(null, '', toHash(path, { ...readHash(location.hash).query, ...changes }));

/** `?name=value&...`, without empty values; of none nothing. */
export function toQuery(query: Readonly<Record<string, string | null | undefined>>): string {
  const entries = Object.entries(query).flatMap(([name, value]) => value ? [[name, value]] : []);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
