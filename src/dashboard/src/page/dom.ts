/** Makes elements. Whatever is shown is set as text or as an attribute, so nothing that a stranger chose becomes markup. */

export type Child = Node | string | null;

export interface Properties {
  readonly class?: string | null;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
  /** Attributes; true is one without a value, and null, undefined or false none at all. */
  readonly [attribute: string]: unknown;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  name: K, properties: Properties = {}, ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'on')
      continue;
    if (value === true)
      element.setAttribute(key, '');
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, String(value));
  }
  for (const [type, listener] of Object.entries(properties.on ?? {}))
    element.addEventListener(type, listener as EventListener);
  element.append(...children.filter(child => child !== null));
  return element;
}

let ids = 0;

/** An id that no other element has. */
export function newId(): string {
  ids += 1;
  return `id-${ids}`;
}

/** A labelled control of a form. */
export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id = newId();
  const help = hint === undefined ? null : el('p', { class: 'hint', id: newId() }, hint);
  if (help !== null)
    control.setAttribute('aria-describedby', help.id);
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, help);
}

export function timeOf(text: string, shown: string): HTMLElement {
  return el('time', { datetime: text }, shown);
}
