import { parse } from './held.ts';
import type { StorageAdapter } from './options.ts';
import { browserStorage, memoryStorage, type Shelf, shelfOf } from './storage.ts';
import type { SessionManager } from './types.ts';

export interface DraftsOptions {
  /** Where drafts are kept; localStorage unless it is given. */
  readonly storage?: StorageAdapter;
  /** How many milliseconds a draft is worth keeping; a day unless it is given. */
  readonly maxAge?: number;
}

/** What a user has typed and not yet sent, kept over a forced login: for the same account, once, and not over a logout. */
export interface Drafts {
  /**
   * Fills the form with what was saved of it, and saves it when the session is about to end or has ended. Passwords, files and hidden
   * fields, and what has `autocomplete="off"`, are left out. Returns what ends it.
   */
  keep(name: string, form: HTMLFormElement): () => void;
  /** The same for what is no form. `read` says what to save, null for nothing; `restore` gets what was saved. */
  keepValue<T>(name: string, read: () => T | null, restore: (value: T) => void): () => void;
}

interface Saved {
  readonly account: string;
  readonly at: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const key = 'serverless-sessions:drafts';

export function createDrafts(manager: SessionManager, { storage, maxAge = 86_400_000 }: DraftsOptions = {}): Drafts {
  const shelf: Shelf = shelfOf(storage ?? browserStorage() ?? memoryStorage(), () => {});
  // One change after the other, since a storage may take its time.
  let last: Promise<unknown> = Promise.resolve();
  const change = (account: string, values: (before: Saved['values']) => Saved['values']): Promise<unknown> => last = last.then(async () => {
    const saved = parse(await shelf.get(key)) as Saved | null;
    const before = saved?.account === account && manager.now() - saved.at < maxAge ? saved.values : {};
    const after = values(before);
    await (Object.keys(after).length === 0 ? shelf.remove(key)
      : shelf.set(key, JSON.stringify({ account, at: manager.now(), values: after } satisfies Saved)));
  });

  function keepValue<T>(name: string, read: () => T | null, restore: (value: T) => void): () => void {
    const save = (account: string): void => {
      const value = read();
      if (value !== null)
        void change(account, values => ({ ...values, [name]: value }));
    };
    let owner: string | undefined;
    const fill = (): void => {
      const account = manager.state.account?.id;
      if (!account || account === owner)
        return;
      owner = account;
      void change(account, ({ [name]: value, ...others }) => {
        if (value !== undefined)
          restore(value as T);
        return others;
      });
    };
    const offs = [
      manager.subscribe(fill),
      manager.on('expiring', () => owner && save(owner)),
      manager.on('ended', ({ reason, account }) => {
        owner = undefined;
        // Who logs out is done, and the next one at this machine is somebody else.
        if (reason === 'logout')
          void change(account.id, () => ({}));
        else
          save(account.id);
      }),
    ];
    fill();
    return () => offs.forEach(off => off());
  }

  return { keepValue, keep: (name, form) => keepValue(name, () => valuesOf(form), values => fillIn(form, values)) };
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fieldsOf(form: HTMLFormElement): Field[] {
  return ([...form.elements] as Field[]).filter(({ name, type, autocomplete }) =>
    name && !/^(password|file|hidden|submit|button|reset|image|fieldset|output)$/.test(type)
    && !/^(off|one-time-code|cc-.*)$/.test(autocomplete));
}

function valuesOf(form: HTMLFormElement): (string | boolean)[][] | null {
  const values = fieldsOf(form).map(field => [field.name, 'checked' in field && /^(checkbox|radio)$/.test(field.type) ? field.checked : field.value]);
  return values.length === 0 ? null : values;
}

// In their order: several fields may have one name.
function fillIn(form: HTMLFormElement, values: (string | boolean)[][]): void {
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
