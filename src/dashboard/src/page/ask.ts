import { texts } from '../texts/texts.ts';
import { button, type Child, el, newId } from './dom.ts';

export interface Question<Answer extends string> {
  readonly title: string;
  /** What will happen. */
  readonly content: readonly Child[];
  /** The buttons beside "Cancel". */
  readonly answers: readonly (readonly [answer: Answer, text: string, isDanger?: boolean | undefined])[];
}

/** Asks in a modal dialog; null if it is cancelled. The browser restores the focus. */
export function ask<Answer extends string>({ title, content, answers }: Question<Answer>, signal: AbortSignal): Promise<Answer | null> {
  return new Promise(resolve => {
    const id = newId();
    let given: Answer | null = null;
    const dialog = el(
      'dialog', { 'aria-labelledby': id, on: { close: () => {
        dialog.remove();
        resolve(given);
      } } },
      el('h2', { id }, title),
      ...content,
      el(
        'div', { class: 'actions' },
        button(texts.cancel, () => dialog.close(), { autofocus: true }),
        ...answers.map(([answer, text, isDanger]) => button(text, () => {
          given = answer;
          dialog.close();
        }, { class: isDanger === true && 'danger' })),
      ),
    );
    document.body.append(dialog);
    signal.addEventListener('abort', () => dialog.close(), { once: true });
    dialog.showModal();
  });
}
