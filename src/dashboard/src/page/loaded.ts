import { Problem } from '../api/problem.ts';
import { el } from './dom.ts';
import { anyOf } from '../platform.ts';

/** What a view is given. */
export interface Place {
  /** Aborted when another view takes the place of this one. */
  readonly signal: AbortSignal;
  /** Tells what has happened to whoever doesn't see it. */
  readonly say: (text: string) => void;
}

export interface Loaded {
  readonly element: HTMLElement;
  /**
   * Loads again. What is shown stays until the answer is there, and the focus where it was.
   * @returns Whether what was asked for is shown now: not what went wrong, nor what a later reload asks for.
   */
  readonly reload: () => Promise<boolean>;
}

/** A part of a page that is asked for: it says so while it waits, and shows what came or what went wrong. */
export function loaded<T>(
  place: Place, what: string, load: (signal: AbortSignal) => Promise<T>, show: (data: T) => readonly Node[],
): Loaded {
  const element = el('div', { class: 'loaded' });
  let current: AbortController | null = null;

  async function reload(): Promise<boolean> {
    // An older answer never overwrites a newer one.
    current?.abort();
    const mine = current = new AbortController();
    const signal = anyOf(place.signal, mine.signal);
    element.setAttribute('aria-busy', 'true');
    if (element.childElementCount === 0)
      element.replaceChildren(el('p', { class: 'loading' }, `Loading ${what} …`));
    const answer = await load(signal).then(
      data => ({ came: true, nodes: () => show(data) }),
      (error: unknown) => ({ came: false, nodes: () => [failure(error, what, reload)] }));
    if (signal.aborted)
      return false;
    const shown = answer.nodes();
    const focused = keyOfFocus(element);
    element.replaceChildren(...shown);
    element.removeAttribute('aria-busy');
    if (focused !== null)
      focusAgain(element, focused);
    return answer.came;
  }

  void reload();
  return { element, reload };
}

/** What went wrong, at the place where it did. */
export function problem(error: unknown): HTMLElement {
  return el('p', { class: 'problem', role: 'alert' }, messageOf(error));
}

export function messageOf(error: unknown): string {
  if (error instanceof Problem)
    return error.message;
  throw error;
}

function failure(error: unknown, what: string, again: () => Promise<boolean>): HTMLElement {
  return el(
    'div', {},
    problem(error),
    el('button', { type: 'button', 'data-key': 'again', 'aria-label': `Load ${what} again`, on: { click: () => void again() } }, 'Try again'),
  );
}

// The row or the control that has the focus; an empty text where nothing names it.
function keyOfFocus(element: HTMLElement): string | null {
  const focused = document.activeElement;
  return focused === null || !element.contains(focused) ? null : focused.closest('[data-key]')?.getAttribute('data-key') ?? '';
}

// The same control where it is still there, or the name of its row, or the heading above.
function focusAgain(element: HTMLElement, key: string): void {
  const same = key === '' ? null : element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  const control = same?.matches('button') === true ? same : same?.querySelector<HTMLElement>('button') ?? same?.querySelector<HTMLElement>('th');
  (control ?? element.closest('section')?.querySelector<HTMLElement>('h2'))?.focus();
}
