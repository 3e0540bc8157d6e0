type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The names and values of a form's fields; several may have one name. */
export type FormValues = readonly (readonly (string | boolean)[])[];

// Secrets, files and buttons are never saved.
function fieldsOf(form: HTMLFormElement): Field[] {
  return ([...form.elements] as Field[]).filter(({ name, type, autocomplete }) =>
    name && !/^(password|file|hidden|submit|button|reset|image|fieldset|output)$/.test(type)
    && !/^(off|one-time-code|cc-.*)$/.test(autocomplete));
}

/** Reads a form; null where it has no field to save. */
export function readForm(form: HTMLFormElement): FormValues | null {
  const values = fieldsOf(form).map(field => [field.name, 'checked' in field && /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value]);
  return values.length === 0 ? null : values;
}

export function fillForm(form: HTMLFormElement, values: FormValues): void {
  fieldsOf(form).forEach((field, i) => {
    const [name, value] = values[i] ?? [];
    if (name !== field.name)
      return;
    if (typeof value === 'boolean')
      (field as HTMLInputElement).checked = value;
    else
      field.value = value!;
    // Frameworks listen to this.
    field.dispatchEvent(new Event('input', { bubbles: true }));
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
