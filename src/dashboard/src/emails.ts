/** What resolves ids: the email of each account that is there. */
export type FindEmails = (ids: readonly string[]) => Promise<readonly Readonly<{ id: string; email: string }>[]>;

// The route's limit.
const batch = 50;
const most = 1_000;

/** The emails of users, asked for in batches and kept while the page is open. */
export class Emails {
  readonly #find: FindEmails;
  // In the order of their last use; null for an account that is gone.
  readonly #known = new Map<string, Promise<string | null>>();
  #waiting = new Map<string, (email: string | null) => void>();

  constructor(find: FindEmails) {
    this.#find = find;
  }

  /** The email of a user; null if there is no such account, or it can't be asked for. */
  of(id: string): Promise<string | null> {
    const known = this.#known.get(id) ?? new Promise<string | null>(resolve => {
      // Once for all of a table.
      if (this.#waiting.size === 0)
        setTimeout(() => void this.#ask(), 0);
      this.#waiting.set(id, resolve);
    });
    this.#keep(id, known);
    return known;
  }

  /** Keeps the email of an account that was loaded anyway. */
  learn({ id, email }: Readonly<{ id: string; email: string }>): void {
    this.#keep(id, Promise.resolve(email));
  }

  #keep(id: string, email: Promise<string | null>): void {
    this.#known.delete(id);
    this.#known.set(id, email);
    for (const [oldest] of this.#known) {
      if (this.#known.size <= most)
        break;
      this.#known.delete(oldest);
    }
  }

  async #ask(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting = new Map();
    for (let i = 0; i < waiting.length; i += batch) {
      const part = waiting.slice(i, i + batch);
      const found = await this.#find(part.map(([id]) => id)).catch(() => {
        // The next table asks again.
        part.forEach(([id]) => this.#known.delete(id));
        return [];
      });
      const emails = new Map(found.map(({ id, email }) => [id, email]));
      part.forEach(([id, resolve]) => resolve(emails.get(id) ?? null));
    }
  }
}
