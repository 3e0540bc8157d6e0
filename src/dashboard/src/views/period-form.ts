import { button, el, field, form } from '../page/dom.ts';
import { lastDays, type Period, periodError } from '../period.ts';
import { texts } from '../texts/texts.ts';

/** Two days, and buttons for the last ones. */
export function periodForm(initial: Period, onChange: (period: Period) => void): HTMLElement {
  const from = el('input', { type: 'date', name: 'from', required: true, value: initial.from });
  const to = el('input', { type: 'date', name: 'to', required: true, value: initial.to });
  const error = el('p', { class: 'problem', role: 'alert', hidden: true });

  function apply(): void {
    const period = { from: from.value, to: to.value };
    const message = periodError(period);
    error.hidden = message === null;
    error.textContent = message;
    if (message === null)
      onChange(period);
  }

  const presets = [7, 30, 90].map(days => button(texts.period.days(days), () => {
    ({ from: from.value, to: to.value } = lastDays(days, Date.now()));
    apply();
  }));
  return form(
    { class: 'filters', 'aria-label': texts.period.title, novalidate: true }, apply,
    field(texts.period.from, from),
    field(texts.period.to, to),
    el('div', { class: 'actions' }, el('button', { class: 'primary' }, texts.period.show), ...presets),
    error,
  );
}
