import { el, newId } from './dom.ts';

/** Asks before something that can't be taken back. The browser brings the focus back to where it was. */
export function confirm(question: string, action: string, signal: AbortSignal): Promise<boolean> {
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
        el('button', { type: 'button', autofocus: true, on: { click: () => dialog.close('no') } }, 'Cancel'),
        el('button', { type: 'button', class: 'danger', on: { click: () => dialog.close('yes') } }, action),
      ),
    );
    document.body.append(dialog);
    signal.addEventListener('abort', () => dialog.close('no'), { once: true });
    dialog.showModal();
  });
}
