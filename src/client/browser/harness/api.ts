/** A client of the API, to prepare and verify what a page shows. */

export const admin = { email: 'admin@example.com', password: 'wrong donkey capacitor paperclip' };
export const demo = { email: 'demo@example.com', password: 'correct horse battery staple' };

export interface Caller {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly account: { readonly id: string; readonly email: string };
  readonly session: { readonly id: string };
}

export class Api {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers - Sent with each request. */
  constructor(base: string, headers: Readonly<Record<string, string>> = {}) {
    this.#base = base;
    this.#headers = headers;
  }

  async login(who: { email: string; password: string }, device?: string, userAgent?: string): Promise<Caller> {
    return await this.call('POST', 'api/sessions/login', { body: { ...who, device }, ...(userAgent === undefined ? {} : { userAgent }) }) as Caller;
  }

  async register(email: string): Promise<{ email: string; password: string }> {
    await this.call('POST', 'api/accounts', { body: { email, password: demo.password } });
    return { email, password: demo.password };
  }

  /** Creates an account with a role. */
  async create(email: string, role: string): Promise<{ email: string; password: string }> {
    const { accessToken } = await this.login(admin);
    await this.call('POST', 'api/admin/accounts', { accessToken, body: { email, password: demo.password, roles: [role] } });
    return { email, password: demo.password };
  }

  runTimer(name: string): Promise<unknown> {
    return this.call('POST', `admin/functions/${name}`, { body: {} });
  }

  async call(method: string, path: string, options: { body?: object; accessToken?: string; userAgent?: string } = {}): Promise<unknown> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: {
        ...this.#headers,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.accessToken === undefined ? {} : { authorization: `Bearer ${options.accessToken}` }),
        ...(options.userAgent === undefined ? {} : { 'user-agent': options.userAgent }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
