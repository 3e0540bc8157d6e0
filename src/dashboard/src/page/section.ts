import { SessionError } from '../../../client/src/index.ts';
import { isReplaced } from '../admin-client.ts';
import type { Emails } from '../emails.ts';
import { formatTime } from '../format.ts';
import { texts } from '../texts/texts.ts';
import { button, el, setChildren } from './dom.ts';
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
  /** The id of the administrator who is logged in. */
  readonly administrator: string;
}

type Load<T> = (signal: AbortSignal) => Promise<T>;

/**
 * A part of a view that loads its data: shows a loading message, then the data. An error is shown above the data of the last
 * answer, if there is any, with its time.
 */
export function loadSection<T>(context: ViewContext, what: string, load: Load<T>, render: (data: T) => readonly Node[]) {
  const element = el('div', { class: 'loaded' });
  let current: AbortController | null = null;
  let content: readonly Node[] = [];
  let answeredAt = '';
  let failure: HTMLElement | null = null;
  // What the failure was of.
  let failed: Load<T | null> = load;

  /**
   * Loads something in place of what is being loaded, and keeps the focus.
   * @param request Resolves to null if what is shown is right.
   * @returns Whether the data is shown now, and not an error or a later answer.
   */
  async function update(request: Load<T | null>): Promise<boolean> {
    // A late answer never replaces a newer one.
    current?.abort();
    const own = current = new AbortController();
    const signal = anySignal(context.signal, own.signal);
    element.setAttribute('aria-busy', 'true');
    if (element.childElementCount === 0)
      element.replaceChildren(el('p', { class: 'loading' }, texts.loading(what)));
    const show = await request(signal).then(
      data => () => showData(data),
      (error: unknown) => () => {
        failed = request;
        showError(error);
      });
    if (signal.aborted)
      return false;
    // So that the signal of the view forgets it.
    own.abort();
    element.removeAttribute('aria-busy');
    try {
      show();
    } catch (error) {
      showError(error);
    }
    return failure === null;
  }

  function showData(data: T | null): void {
    [failure, answeredAt] = [null, new Date().toISOString()];
    replace(() => data === null ? content : content = render(data));
  }

  function showError(error: unknown): void {
    const age = content.length === 0 ? null : ` ${texts.shownOf(formatTime(answeredAt))}`;
    const found = el(
      'div', { class: 'failure' },
      el('p', { class: 'problem', role: 'alert' }, messageOf(error), age),
      button(texts.retry(what), () => void update(failed), { 'data-key': 'again' }),
    );
    // The same alert isn't announced twice.
    failure = failure?.isEqualNode(found) === true ? failure : found;
    replace(() => [failure!, ...content]);
  }

  function replace(renderNodes: () => readonly Node[]): void {
    // A table renders in place, so its rows may be gone afterwards.
    const focused = focusIn(element);
    setChildren(element, renderNodes());
    if (focused !== null && !element.contains(document.activeElement))
      restoreFocus(element, focused);
  }

  const reload = (): Promise<boolean> => update(load);
  return {
    element,
    /** Settles when the data has been loaded, or couldn't be. */
    loaded: reload(),
    /** Loads again. */
    reload,
    /** Loads something else: after an error, nothing of before is shown. */
    restart(): Promise<boolean> {
      content = [];
      failed = load;
      return reload();
    },
    /** Looks for news, unless something is being loaded. */
    poll: async (request: Load<T | null> = load): Promise<boolean> => !element.hasAttribute('aria-busy') && await update(request),
  };
}

/** A section that grows page by page. */
export function loadPages<Page extends { readonly next?: string }>(
  context: ViewContext, what: string, load: (after: string | undefined, signal: AbortSignal) => Promise<Page>,
  render: (pages: readonly Page[]) => readonly Node[],
) {
  let pages: readonly Page[] = [];
  const section = loadSection(context, what, signal => load(pages.at(-1)?.next, signal), page => {
    pages = [...pages, page];
    return [
      ...render(pages),
      ...page.next === undefined ? [] : [button(texts.more, () => void section.reload(), { 'data-key': 'more' })],
    ];
  });
  function restart(): Promise<boolean> {
    pages = [];
    return section.restart();
  }
  return { element: section.element, restart };
}

/** Announces a list once it is loaded, in place of what was announced before. */
export async function announceLoaded({ announce }: ViewContext, loaded: Promise<boolean>, text = texts.loaded): Promise<void> {
  announce('');
  if (await loaded)
    announce(text);
}

/**
 * Runs an action; then loads again and announces what was done, or shows its error.
 * @param action Resolves to what was done, or null if nothing was.
 */
export async function runAction(
  { signal, announce }: ViewContext, errors: HTMLElement, action: Promise<string | null>, reload: () => Promise<unknown>,
): Promise<void> {
  errors.replaceChildren();
  try {
    const done = await action;
    if (done === null)
      return;
    await reload();
    if (!signal.aborted)
      announce(done);
  } catch (error) {
    if (!signal.aborted)
      errors.replaceChildren(errorMessage(error));
  }
}

export const errorMessage = (error: unknown): HTMLElement => el('p', { class: 'problem', role: 'alert' }, messageOf(error));

/** The message of an API error, by its code where the page has a text for it. Any other error is the page's own fault, and reported as uncaught. */
export function messageOf(error: unknown): string {
  if (!(error instanceof SessionError)) {
    reportError(error);
    return texts.fault;
  }
  const known = (texts.errors as Readonly<Record<string, string>>)[isReplaced(error) ? 'replaced' : error.code];
  return known ?? (error.code === 'unexpected_response' ? texts.unexpected(String(error.status)) : error.message);
}

interface Focus {
  /** Of the row or control that has the focus. */
  readonly key: string | null;
  /** Which of the row's links and buttons it is; -1 for none. */
  readonly index: number;
}

const controlsOf = (keyed: Element): readonly HTMLElement[] =>
  keyed instanceof HTMLButtonElement ? [keyed] : [...keyed.querySelectorAll<HTMLElement>('a, button')];

function focusIn(element: HTMLElement): Focus | null {
  const focused = document.activeElement;
  if (focused === null || !element.contains(focused))
    return null;
  const keyed = focused.closest<HTMLElement>('[data-key]');
  return { key: keyed?.dataset['key'] ?? null, index: keyed === null ? -1 : controlsOf(keyed).indexOf(focused as HTMLElement) };
}

// The same control if it is still there, else its row's header, else the heading of the section, or a button of the dialog.
function restoreFocus(element: HTMLElement, { key, index }: Focus): void {
  const same = key === null ? null : element.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const control = same === null ? null : controlsOf(same)[index] ?? same.querySelector('th');
  (control ?? element.closest('section, dialog')?.querySelector<HTMLElement>('h2[tabindex], button'))?.focus();
}
