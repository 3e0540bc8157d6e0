/** Creates elements. Content is set as text or attributes, so untrusted text never becomes markup. */

import { formatTime } from '../format.ts';

export type Child = Node | string | null;

export interface Properties {
  readonly class?: string | false | undefined;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
  /** Attributes: true sets an empty value; null, undefined and false set none. */
  readonly [attribute: string]: unknown;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K, { on = {}, ...attributes }: Properties = {}, ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, value === true ? '' : String(value));
  }
  for (const [type, listener] of Object.entries(on))
    element.addEventListener(type, listener as EventListener);
  element.append(...children.filter(child => child !== null));
  return element;
}

let ids = 0;

/** Returns a unique element id. */
export const newId = (): string => `id-${ids += 1}`;

export const button = (text: string, onClick: () => void, properties: Properties = {}): HTMLButtonElement =>
  el('button', { type: 'button', ...properties, on: { click: onClick } }, text);

export const link = (text: string, href: string, properties: Properties = {}): HTMLElement => el('a', { href, ...properties }, text);

/** A form that is handled by script. */
export function form(properties: Properties, onSubmit: () => void, ...children: readonly Child[]): HTMLFormElement {
  return el('form', { ...properties, on: { ...properties.on, submit: event => {
    event.preventDefault();
    onSubmit();
  } } }, ...children);
}

/** A form control with its label. */
export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id = newId();
  const help = hint === undefined ? null : el('p', { class: 'hint', id: newId() }, hint);
  if (help !== null)
    control.setAttribute('aria-describedby', help.id);
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, help);
}

/** A section with a heading that can be focused. */
export function section(title: string, ...children: readonly Child[]): HTMLElement {
  const id = newId();
  return el('section', { 'aria-labelledby': id }, el('h2', { id, tabindex: -1 }, title), ...children);
}

export const definitions = (className: string, entries: readonly (readonly [name: string, value: Child])[]): HTMLElement =>
  el('dl', { class: className }, ...entries.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

export const time = (text: string): HTMLElement => el('time', { datetime: text }, formatTime(text));

/** Makes nodes the children of an element. Those that stay aren't moved: they keep the focus and a selection. */
export function setChildren(parent: Element, nodes: readonly Node[]): void {
  const kept = new Set(nodes);
  for (const child of [...parent.childNodes].filter(child => !kept.has(child)))
    child.remove();
  nodes.forEach((node, i) => {
    const place = parent.childNodes[i] ?? null;
    if (place !== node)
      parent.insertBefore(node, place);
  });
}
