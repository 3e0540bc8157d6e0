import { parse } from './held.ts';
import type { StorageAdapter } from './options.ts';
import { exclusively, hearing, pause } from './lock.ts';
import { browserStorage, surroundingsOf } from './platform.ts';
import { memoryStorage, type Shelf, shelfOf } from './storage.ts';
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
   * fields, and what has `autocomplete="off"`, are left out; a form that nobody has touched, or that is as it was at first again, isn't saved.
   * Returns what ends it.
   */
  keep(name: string, form: HTMLFormElement): () => void;
  /** The same for what is no form. `read` says what to save, null for nothing; `restore` gets what was saved. */
  keepValue<T>(name: string, read: () => T | null, restore: (value: T) => void): () => void;
  /** Forgets what was saved, once it was sent or is no longer wanted. */
  discard(name: string): void;
}

interface Saved {
  readonly account: string;
  readonly at: number;
  readonly values: Readonly<Record<string, unknown>>;
}

type Change = (before: Saved['values']) => Saved['values'];

const key = 'serverless-sessions:drafts';

export function createDrafts(manager: SessionManager, { storage, maxAge = 86_400_000 }: DraftsOptions = {}): Drafts {
  const { locks, clock } = surroundingsOf();
  const shelf: Shelf = shelfOf(storage ?? browserStorage() ?? memoryStorage(), clock, () => 10_000, () => {});
  // At once where the storage answers at once.
  const apply = (account: string, values: Change): Promise<boolean> => {
    const write = async (text: string | null): Promise<boolean> => {
      const saved = parse(text) as Saved | null;
      const before = saved?.account === account && manager.now() - saved.at < maxAge ? saved.values : {};
      const after = values(before);
      await (Object.keys(after).length === 0 ? shelf.remove(key)
        : shelf.set(key, JSON.stringify({ account, at: manager.now(), values: after } satisfies Saved)));
      return after !== before;
    };
    const text = shelf.get(key);
    return text instanceof Promise ? text.then(write) : write(text);
  };
  // One change after the other, in all tabs, since they have one record and a storage may take its time.
  let last: Promise<unknown> = Promise.resolve();
  const change = (account: string, values: Change): void => {
    last = last.then(() => exclusively(locks, clock, key, 1000, () => apply(account, values)));
  };
  // A page that leaves at the end doesn't wait for a lock. Where it stays, what the tabs have then written over each other is mended.
  let hasty: Promise<unknown> = Promise.resolve();
  const changeNow = (account: string, values: Change): void => {
    hasty = hasty.then(() => apply(account, values));
    last = Promise.all([last, hasty, pause(clock, hearing)]);
    change(account, values);
  };
  const without = (name: string): Change => before => {
    const { [name]: value, ...others } = before;
    return value === undefined ? before : others;
  };
  const discard = (name: string): void => {
    const account = manager.state.account?.id;
    if (account)
      change(account, without(name));
  };

  function keepValue<T>(name: string, read: () => T | null, restore: (value: T) => void): () => void {
    let isSaved = false;
    const save = (account: string, how: typeof change): void => {
      const value = read();
      // What this tab has saved before is no longer there to be read, but what another one has may be.
      if (value !== null || isSaved)
        how(account, value === null ? without(name) : values => ({ ...values, [name]: value }));
      isSaved = value !== null;
    };
    let owner: string | undefined;
    let isWarned = false;
    let isOver = false;
    const fill = (): void => {
      const { account, expiring } = manager.state;
      // The warning was for nothing: what was saved may be sent now, and is not to come back then.
      if (isWarned && account && !expiring) {
        isWarned = false;
        discard(name);
      }
      if (!account || account.id === owner)
        return;
      owner = account.id;
      change(account.id, before => {
        const value = before[name];
        if (isOver)
          return before;
        try {
          if (value !== undefined)
            restore(value as T);
        } catch (error) {
          // A fault of the page is told to whoever wrote it, and what was typed is kept.
          setTimeout(() => {
            throw error;
          });
          return before;
        }
        return without(name)(before);
      });
    };
    const offs = [
      manager.subscribe(fill),
      manager.on('expiring', () => {
        isWarned = true;
        if (owner)
          save(owner, change);
      }),
      manager.on('ended', ({ reason, account }) => {
        // Another login has taken its place, and the page goes on.
        if (manager.state.session)
          return;
        owner = undefined;
        isWarned = false;
        // Who logs out is done, and the next one at this machine is somebody else.
        if (reason === 'logout' || reason === 'logout_all')
          changeNow(account.id, () => ({}));
        else
          save(account.id, changeNow);
      }),
    ];
    fill();
    return () => {
      isOver = true;
      offs.forEach(off => off());
    };
  }

  return {
    keepValue,
    keep(name, form) {
      // Several tabs may have the form: what one of them has typed isn't lost to another where nobody has.
      let isTouched = false;
      const typing = new AbortController();
      for (const event of ['input', 'change']) {
        form.addEventListener(event, () => void (isTouched = true), typing);
        // A field may be elsewhere on the page, and say by its attribute `form` whose it is.
        form.getRootNode().addEventListener(event, ({ target }) => {
          isTouched ||= (target as Field).form === form;
        }, { capture: true, signal: typing.signal });
      }
      // A form that was sent and emptied is as one that nobody has touched.
      const first = JSON.stringify(valuesOf(form));
      const read = (): ReturnType<typeof valuesOf> => {
        const values = valuesOf(form);
        return isTouched && JSON.stringify(values) !== first ? values : null;
      };
      const stop = keepValue(name, read, values => fillIn(form, values));
      return () => {
        typing.abort();
        stop();
      };
    },
    discard,
  };
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
