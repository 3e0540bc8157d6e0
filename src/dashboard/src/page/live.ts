import { texts } from '../texts/texts.ts';
import { button, el } from './dom.ts';

/**
 * Repeats a request while the page is visible and the user hasn't paused it; one at a time.
 * @returns A button that pauses and resumes, and whether the last request failed.
 */
export function live(signal: AbortSignal, every: number, run: () => Promise<unknown>): HTMLElement {
  let isPaused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const state = el('span', { class: 'hint' }, texts.live.on);
  const toggle = button(texts.live.pause, () => {
    isPaused = !isPaused;
    toggle.textContent = isPaused ? texts.live.resume : texts.live.pause;
    state.textContent = isPaused ? texts.live.off : texts.live.on;
    if (!isPaused)
      next(0);
  });

  function next(wait: number): void {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (isPaused || signal.aborted)
        return;
      if (document.visibilityState === 'visible') {
        const isDone = await run().then(() => true, () => false);
        if (!isPaused)
          state.textContent = isDone ? texts.live.on : texts.live.failed;
      }
      next(every);
    }, wait);
  }

  next(every);
  signal.addEventListener('abort', () => clearTimeout(timer));
  return el('p', { class: 'live' }, toggle, ' ', state);
}
