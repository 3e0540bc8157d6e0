import { texts } from '../texts/texts.ts';
import { button, el } from './dom.ts';
import { repeat } from './repeat.ts';

/**
 * Repeats a request while the page is visible, the user hasn't paused it and there may be news.
 * @param isOver Whether nothing new can come.
 * @returns A line that says so, with a button that pauses and resumes, and a function that updates it.
 */
export function live(signal: AbortSignal, every: number, run: () => Promise<unknown>, isOver: () => boolean = () => false) {
  let isPaused = false;
  const state = el('span', { class: 'hint' });
  const toggle = button('', () => {
    isPaused = !isPaused;
    show();
    again();
  });
  const again = repeat(signal, every, async () => {
    show();
    if (!isPaused && !isOver() && document.visibilityState === 'visible')
      await run();
  });

  function show(): void {
    toggle.hidden = isOver();
    toggle.textContent = isPaused ? texts.live.resume : texts.live.pause;
    state.textContent = isOver() ? texts.live.over : isPaused ? texts.live.off : texts.live.on;
  }

  show();
  return { element: el('p', { class: 'live' }, toggle, ' ', state), show };
}
