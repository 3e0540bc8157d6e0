import { texts } from '../texts/texts.ts';
import { showDialog } from './dialog.ts';
import { button, type Child, el } from './dom.ts';

export interface Question<Answer extends string> {
  readonly title: string;
  /** What will happen. */
  readonly content: readonly Child[];
  /** The buttons beside "Cancel". */
  readonly answers: readonly (readonly [answer: Answer, text: string, isDanger?: boolean | undefined])[];
  /** Until it settles, the question can only be cancelled. */
  readonly ready?: Promise<unknown> | undefined;
}

/** Asks in a modal dialog; null if it is cancelled. Enter in a field gives the first answer. */
export function ask<Answer extends string>(
  { title, content, answers, ready }: Question<Answer>, signal: AbortSignal,
): Promise<Answer | null> {
  return new Promise(resolve => {
    const buttons = answers.map(([value, text, isDanger]) =>
      el('button', { value, class: isDanger === true && 'danger', disabled: ready !== undefined }, text));
    void ready?.finally(() => buttons.forEach(each => void (each.disabled = false)));
    const form = el(
      'form', { method: 'dialog' },
      ...content,
      el(
        'div', { class: 'actions' },
        button(texts.cancel, () => dialog.close(), { autofocus: true }),
        ...buttons,
      ),
    );
    const dialog = showDialog(title, [form], signal, ({ returnValue }) => resolve(returnValue === '' ? null : returnValue as Answer));
  });
}
