import { button, el, newId } from './dom.ts';

/** Asks for confirmation in a modal dialog. The browser restores the focus. */
export function confirm(question: string, action: string, signal: AbortSignal, isDanger = true): Promise<boolean> {
  return new Promise(resolve => {
    const id = newId();
    const dialog = el(
      'dialog', { 'aria-labelledby': id, on: { close: () => {
        dialog.remove();
        resolve(dialog.returnValue === 'yes');
      } } },
      el('p', { id }, question),
      el(
        'div', { class: 'actions' },
        button('Cancel', () => dialog.close('no'), { autofocus: true }),
        button(action, () => dialog.close('yes'), { class: isDanger && 'danger' }),
      ),
    );
    document.body.append(dialog);
    signal.addEventListener('abort', () => dialog.close('no'), { once: true });
    dialog.showModal();
  });
}
