import { SessionError } from '../../../client/src/index.ts';
import { isReplaced } from '../admin-client.ts';
import type { Emails } from '../emails.ts';
import { texts } from '../texts/texts.ts';
import { button, el } from './dom.ts';
import { anySignal } from './signals.ts';

/** What a view gets. */
export interface ViewContext {
  /** Aborted when the view is left. */
  readonly signal: AbortSignal;
  /** Announces a change to screen readers. */
  readonly announce: (text: string) => void;
  /** Names what is shown in the title of the page. */
  readonly setTitle: (text: string) => void;
  readonly emails: Emails;
}

/** A part of a view that loads its data: shows a loading message, then the data or an error. */
export function loadSection<T>(
  context: ViewContext, what: string, load: (signal: AbortSignal) => Promise<T>, render: (data: T) => readonly Node[],
) {
  const element = el('div', { class: 'loaded' });
  let current: AbortController | null = null;

  /** Loads again and keeps the focus. Resolves to whether the data is shown now, and not an error or a later reload. */
  async function reload(): Promise<boolean> {
    // A late answer never replaces a newer one.
    current?.abort();
    current = new AbortController();
    const signal = anySignal(context.signal, current.signal);
    element.setAttribute('aria-busy', 'true');
    if (element.childElementCount === 0)
      element.replaceChildren(el('p', { class: 'loading' }, texts.loading(what)));
    const result = await load(signal).then(
      data => ({ isLoaded: true, render: () => render(data) }),
      (error: unknown) => ({ isLoaded: false, render: () => [loadError(error, what, reload)] }));
    if (signal.aborted)
      return false;
    replace(result.render());
    element.removeAttribute('aria-busy');
    return result.isLoaded;
  }

  function replace(nodes: readonly Node[]): void {
    const focused = focusedKey(element);
    element.replaceChildren(...nodes);
    if (focused !== null)
      restoreFocus(element, focused);
  }

  void reload();
  return { element, reload, show: (data: T) => replace(render(data)) };
}

/** A section that grows page by page. */
export function loadPages<Page extends { readonly next?: string }>(
  context: ViewContext, what: string, load: (after: string | undefined, signal: AbortSignal) => Promise<Page>, render: (pages: readonly Page[]) => readonly Node[],
) {
  let pages: readonly Page[] = [];
  const section = loadSection(context, what, signal => load(pages.at(-1)?.next, signal), page => {
    pages = [...pages, page];
    return [...render(pages), ...page.next === undefined ? [] : [button(texts.more, () => void section.reload(), { 'data-key': 'more' })]];
  });
  function restart(): Promise<boolean> {
    pages = [];
    return section.reload();
  }
  return { ...section, restart };
}

/** Runs an action, and shows its error. Resolves to whether it succeeded. */
export async function runAction({ signal }: ViewContext, errors: HTMLElement, action: Promise<unknown>): Promise<boolean> {
  errors.replaceChildren();
  try {
    await action;
    return true;
  } catch (error) {
    if (!signal.aborted)
      errors.replaceChildren(errorMessage(error));
    return false;
  }
}

export const errorMessage = (error: unknown): HTMLElement => el('p', { class: 'problem', role: 'alert' }, messageOf(error));

/** The message of an API error, by its code where the page has a text for it; rethrows any other error. */
export function messageOf(error: unknown): string {
  if (!(error instanceof SessionError))
    throw error;
  const known = (texts.errors as Readonly<Record<string, string>>)[isReplaced(error) ? 'replaced' : error.code];
  return known ?? (error.code === 'unexpected_response' ? texts.unexpected(String(error.status)) : error.message);
}

function loadError(error: unknown, what: string, retry: () => Promise<boolean>): HTMLElement {
  return el(
    'div', {},
    errorMessage(error),
    button(texts.retry(what), () => void retry(), { 'data-key': 'again' }),
  );
}

// The key of the focused row or control; empty where it has none.
function focusedKey(element: HTMLElement): string | null {
  const focused = document.activeElement;
  return focused === null || !element.contains(focused) ? null : focused.closest('[data-key]')?.getAttribute('data-key') ?? '';
}

// The same control if it is still there, else its row's header, else the heading of the section.
function restoreFocus(element: HTMLElement, key: string): void {
  const same = key === '' ? null : element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  const control = same?.matches('button') === true ? same : same?.querySelector<HTMLElement>('button') ?? same?.querySelector<HTMLElement>('th');
  (control ?? element.closest('section')?.querySelector<HTMLElement>('h2'))?.focus();
}
