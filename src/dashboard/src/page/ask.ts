import { texts } from '../texts/texts.ts';
import { showDialog } from './dialog.ts';
import { button, type Child, el } from './dom.ts';

export interface Question<Answer extends string> {
  readonly title: string;
  /** What will happen. */
  readonly content: readonly Child[];
  /** The buttons beside "Cancel". */
  readonly answers: readonly (readonly [answer: Answer, text: string, isDanger?: boolean | undefined])[];
}

/** Asks in a modal dialog; null if it is cancelled. Enter in a field gives the first answer. */
export function ask<Answer extends string>({ title, content, answers }: Question<Answer>, signal: AbortSignal): Promise<Answer | null> {
  return new Promise(resolve => {
    const form = el(
      'form', { method: 'dialog' },
      ...content,
      el(
        'div', { class: 'actions' },
        button(texts.cancel, () => dialog.close(), { autofocus: true }),
        ...answers.map(([value, text, isDanger]) => el('button', { value, class: isDanger === true && 'danger' }, text)),
      ),
    );
    const dialog = showDialog(title, [form], signal, ({ returnValue }) => resolve(returnValue === '' ? null : returnValue as Answer));
  });
}
