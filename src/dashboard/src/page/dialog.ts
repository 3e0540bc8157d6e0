import { type Child, el, newId } from './dom.ts';

/** Shows a modal dialog until it is closed, or the signal. The browser restores the focus. */
export function showDialog(
  title: string, content: readonly Child[], signal: AbortSignal, onClose: (dialog: HTMLDialogElement) => void,
): HTMLDialogElement {
  const id = newId();
  const closed = new AbortController();
  const dialog = el('dialog', { 'aria-labelledby': id, on: { close: () => {
    closed.abort();
    dialog.remove();
    onClose(dialog);
  } } }, el('h2', { id }, title), ...content);
  document.body.append(dialog);
  signal.addEventListener('abort', () => dialog.close(), { signal: closed.signal });
  dialog.showModal();
  return dialog;
}
