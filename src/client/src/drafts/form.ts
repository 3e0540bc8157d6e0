type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The names and values of a form's fields; several may have one name. */
export type FormValues = readonly (readonly [name: string, value: string | boolean | readonly string[]])[];

// Secrets, files and buttons are never saved. A page that shows a password makes its field one for text.
function fieldsOf(form: HTMLFormElement): Field[] {
  return ([...form.elements] as Field[]).filter(field =>
    field.name && !/^(password|file|hidden|submit|button|reset|image|fieldset|output)$/.test(field.type)
    && !/(^| )(off|one-time-code|cc-\S+|(current|new)-password)( |$)/i.test(autocompleteOf(field) || autocompleteOf(form)));
}

// Not the property, which is empty for what the browser doesn't know.
const autocompleteOf = (element: Element): string => element.getAttribute('autocomplete') ?? '';

function valueOf(field: Field): FormValues[number][1] {
  return /^(checkbox|radio)$/.test(field.type) ? (field as HTMLInputElement).checked
    : field.type === 'select-multiple' ? [...(field as HTMLSelectElement).selectedOptions].map(({ value }) => value)
    : field.value;
}

/** Reads a form; null where it has no field to save. */
export function readForm(form: HTMLFormElement): FormValues | null {
  const values = fieldsOf(form).map(field => [field.name, valueOf(field)] as const);
  return values.length === 0 ? null : values;
}

export function fillForm(form: HTMLFormElement, values: FormValues): void {
  fieldsOf(form).forEach((field, i) => {
    const [name, value] = values[i] ?? [];
    if (name !== field.name)
      return;
    if (typeof value === 'boolean') {
      // A radio button is only left by a click on another one.
      if (value !== (field as HTMLInputElement).checked && (value || field.type === 'checkbox'))
        field.click();
      return;
    }
    if (Array.isArray(value))
      [...(field as HTMLSelectElement).options].forEach(option => void (option.selected = value.includes(option.value)));
    else
      // React overrides the property of the field itself, and then ignores the event.
      Reflect.set(Object.getPrototypeOf(field) as Field, 'value', value, field);
    // Frameworks listen to these.
    for (const event of ['input', 'change'])
      field.dispatchEvent(new Event(event, { bubbles: true }));
  });
}

/** Watches for edits: an unedited form in another tab must not overwrite a draft. */
export function watchForm(form: HTMLFormElement): { readonly isEdited: () => boolean; readonly stop: () => void } {
  let isTouched = false;
  const aborter = new AbortController();
  for (const event of ['input', 'change']) {
    form.addEventListener(event, () => void (isTouched = true), aborter);
    // A field elsewhere on the page may belong to the form by its attribute `form`.
    form.getRootNode().addEventListener(event, ({ target }) => {
      isTouched ||= (target as Field).form === form;
    }, { capture: true, signal: aborter.signal });
  }
  // A form that was sent and reset counts as untouched.
  const initial = JSON.stringify(readForm(form));
  return { isEdited: () => isTouched && JSON.stringify(readForm(form)) !== initial, stop: () => aborter.abort() };
}
