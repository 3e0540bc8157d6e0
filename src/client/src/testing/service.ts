import type { Ceremony, LoginResponse, Notifications, Passkey, RefreshResponse, Session, StepUpResponse, StepUpWays } from '../api/wire.ts';

export const baseUrl = 'https://sessions.example.com/api';

export interface Sent {
  readonly route: string;
  readonly body: Record<string, unknown>;
  readonly bearer: string | null;
  readonly keepalive: boolean;
}

/** What happens to the next request of a route. */
export type Fault = 'lost request' | 'lost reply' | 'cut reply' | 'captive portal' | { status: number; code?: string; detail?: string; reason?: string; retryAfter?: number | string };

interface Row {
  readonly session: Session;
  readonly account: LoginResponse['account'];
  /** In milliseconds. */
  expiresAt: number;
  generation: number;
  authenticatedAt: number;
  readonly rotatedAt: number[];
  attempt: unknown;
  ended: string | null;
}

const grace = 30_000;
const hour = 3_600_000;
const choices = (all: boolean) => ({ newDevice: all, newCountry: all, impossibleTravel: all, tokenReuse: all });
const [stateLifetime, proofLifetime] = [5 * 60_000, 15 * 60_000];

/** The session service as a client sees it (docs/design.md). */
export class FakeService {
  readonly sent: Sent[] = [];
  /** How many refresh tokens were rotated. */
  rotations = 0;
  /** How many milliseconds the service's clock is ahead. */
  ahead = 0;
  latency = 20;
  /** Replaces the email of all accounts. */
  email: string | null = null;
  isDown = false;
  sendsDate = true;
  accessTokenSeconds = 1800;
  idleHours = 30 * 24;
  absoluteHours = 90 * 24;
  /** After which sessions end without activity; 0 for never. */
  inactivitySeconds = 0;
  /** Whether a registration sends a link. */
  verifiesEmails = false;
  /** Whether every account is about to be erased. */
  isClosing = false;
  /** Of every account. */
  roles: readonly string[] = [];
  cookie: string | null = null;
  notices: object[] = [];
  notifications: Notifications = { mail: choices(false), push: choices(true) };
  /** What push messages are sent to; null if nothing is. */
  pushSubscription: object | null = null;
  /** Of every account. */
  passkeys: Passkey[] = [];
  /** Whether accounts have a password. */
  hasPasswords = true;
  readonly #rows = new Map<string, Row>();
  readonly #faults = new Map<string, Fault[]>();

  failNext(route: string, ...faults: Fault[]): void {
    this.#faults.set(route, faults);
  }

  count(route: string): number {
    return this.sent.filter(sent => sent.route === route).length;
  }

  end(id: string, reason: string): void {
    this.#rows.get(id)!.ended ??= reason;
  }

  endReason(id: string): string | null {
    return this.#rows.get(id)!.ended;
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  async answer(request: Request): Promise<Response> {
    const route = `${request.method} ${request.url.replace(`${baseUrl}/`, '')}`;
    const text = await request.text();
    // A null field counts as absent.
    const body = JSON.parse(text || '{}', (_, value: unknown) => value ?? undefined) as Record<string, unknown>;
    const bearer = request.headers.get('authorization');
    this.sent.push({ route, body, bearer, keepalive: request.keepalive });
    const fault = this.#faults.get(route)?.shift();
    await pause(this.latency);
    request.signal.throwIfAborted();
    if (this.isDown || fault === 'lost request')
      throw new TypeError('Failed to fetch');
    const answer = fault === 'captive portal' ? Response.json({ welcome: 'to this hotel' })
      : typeof fault === 'object' ? this.#problem(fault.status, fault.code, fault) : this.#handle(route, body, bearer);
    await pause(this.latency);
    if (fault === 'lost reply')
      throw new TypeError('Failed to fetch');
    if (fault !== 'cut reply')
      return answer;
    const cut = new ReadableStream({ start: controller => controller.error(new TypeError('network error')) });
    return new Response(cut, { status: answer.status });
  }

  #handle(route: string, body: Record<string, unknown>, bearer: string | null): Response {
    if (route === 'POST sessions/login')
      return body['password'] === 'wrong' ? this.#problem(401, 'invalid_credentials')
        : this.isClosing && body['restore'] !== true ? this.#problem(403, 'account_closing') : this.#login(body);
    if (route === 'POST accounts' && !this.verifiesEmails)
      return Response.json({ id: '00NEW', email: body['email'], roles: this.roles }, { status: 201 });
    if (route === 'POST sessions/passkey/options' || route === 'POST accounts/passkey/options')
      return this.#ok(this.#ceremony(body['email']));
    if (route === 'POST accounts/passkey')
      return this.#addPasskey(body, () => this.verifiesEmails ? new Response(null, { status: 202 })
        : Response.json({ id: '00NEW', email: String(body['state']).split(' ')[1], roles: this.roles }, { status: 201 }));
    if (route === 'POST sessions/passkey')
      return this.#refusalOf(body) ?? this.#login({ ...body, email: 'demo@example.com' });
    if (['POST accounts', 'POST accounts/email/verification', 'POST accounts/password/forgot'].includes(route))
      return new Response(null, { status: 202 });
    if (route === 'POST accounts/email/verify' || route === 'POST accounts/password/reset')
      return body['token'] === 'spent' ? this.#problem(400, 'token_invalid') : new Response(null, { status: 204 });
    if (route === 'POST sessions/refresh')
      return this.#refresh(body);
    if (route === 'POST sessions/logout' && bearer === null) {
      const row = this.#rowOf(body['refreshToken'] ?? this.cookie);
      if (row === undefined)
        return this.#problem(400, 'invalid_request');
      if (row.ended !== null)
        return this.#problem(401, 'session_ended', { reason: row.ended });
      row.ended = 'logout';
      return new Response(null, { status: 204 });
    }
    const [, id = '', expiresAt, authenticatedAt] = bearer?.split(' ')[1]?.split('.') ?? [];
    const row = this.#rows.get(id);
    if (row === undefined)
      return this.#problem(401, 'token_invalid');
    if (row.ended !== null)
      return this.#problem(401, 'session_ended', { reason: row.ended });
    if (Number(expiresAt) <= this.now())
      return this.#problem(401, 'token_expired');
    if (route === 'GET sessions/push')
      return this.#ok({ publicKey: 'BAEC' });
    if (route.endsWith(' sessions/push')) {
      this.pushSubscription = route.startsWith('POST') ? body : null;
      return new Response(null, { status: 204 });
    }
    if (route === 'GET accounts/notifications')
      return this.#ok(this.notifications);
    if (route === 'PUT accounts/notifications') {
      const { mail, push } = this.notifications;
      this.notifications = { mail: { ...mail, ...body['mail'] as object }, push: { ...push, ...body['push'] as object } };
      return this.#ok(this.notifications);
    }
    const isGuarded = /^(POST|DELETE) accounts\/passkeys/.test(route) || body['reviewed'] === true || route === 'GET accounts/me/export';
    if (isGuarded && Number(authenticatedAt) <= this.now() - proofLifetime)
      return this.#problem(401, 'insufficient_user_authentication');
    if (/^\w+ (accounts\/passkeys|sessions\/step-up)/.test(route))
      return this.#handleProof(route, body, row);
    if (route.startsWith('POST accounts/') && (body['password'] ?? body['currentPassword']) === 'wrong')
      return this.#problem(403, 'wrong_password');
    if (route === 'POST accounts/me/deletion') {
      this.isClosing = true;
      this.#rows.forEach(each => void (each.ended ??= 'account_closed'));
    }
    if (route.startsWith('POST accounts/'))
      return new Response(null, { status: route === 'POST accounts/email' ? 202 : 204 });
    if (route.startsWith('POST sessions/logout') || route.startsWith('DELETE')) {
      if (!route.endsWith('others=true'))
        this.end(route.startsWith('DELETE') ? route.split('/').at(-1)! : id, route.startsWith('DELETE') ? 'revoked' : 'logout_all');
      return new Response(null, { status: 204 });
    }
    if (route.startsWith('GET sessions/notices')) {
      const after = Number(/after=(\d+)/.exec(route)![1]);
      return this.#ok({ notices: this.notices.slice(after, after + 100), nextPollMs: 2000 });
    }
    if (route === 'POST sessions/heartbeat')
      return this.#ok({ online: true, nextHeartbeatMs: 5000, serverTime: this.#time() });
    return this.#ok({ route, logs: [], sessions: [row.session], session: row.session, account: { ...row.account, ...this.email === null ? {} : { email: this.email }, roles: this.roles } });
  }

  #handleProof(route: string, body: Record<string, unknown>, row: Row): Response {
    const [method, , , id] = route.split(/[ /]/);
    if (route === 'POST accounts/passkeys/options')
      return this.#ok(this.#ceremony());
    if (route === 'POST sessions/step-up/options')
      return this.#ok({ password: this.hasPasswords, ...this.passkeys[0] && this.#ceremony() } satisfies StepUpWays);
    if (route === 'POST sessions/step-up') {
      const refusal = body['password'] === undefined ? this.#refusalOf(body) : body['password'] === 'wrong' ? this.#problem(403, 'wrong_password') : null;
      if (refusal)
        return refusal;
      row.authenticatedAt = this.now();
      return this.#ok({
        accessToken: this.#accessToken(row), accessTokenExpiresAt: this.#time(this.accessTokenSeconds * 1000), authenticatedAt: this.#time(),
        methods: [body['password'] === undefined ? 'swk' : 'pwd'],
      } satisfies StepUpResponse);
    }
    if (route === 'POST accounts/passkeys')
      return this.#addPasskey(body, passkey => Response.json(passkey, { status: 201 }));
    if (method === 'GET')
      return this.#ok({ passkeys: this.passkeys });
    if (method === 'DELETE')
      this.passkeys = this.passkeys.filter(passkey => passkey.id !== id);
    else
      this.passkeys = this.passkeys.map(passkey => passkey.id !== id ? passkey
        : { ...passkey, name: String(body['name'] ?? passkey.name), forReview: passkey.forReview && body['reviewed'] !== true });
    return method === 'DELETE' ? new Response(null, { status: 204 }) : this.#ok(this.passkeys.find(passkey => passkey.id === id)!);
  }

  #ceremony(email?: unknown): Ceremony {
    return { options: { challenge: 'AA', timeout: 60_000 }, state: `state.${this.now() + stateLifetime}. ${email}`, expiresAt: this.#time(stateLifetime) };
  }

  #addPasskey(body: Record<string, unknown>, answer: (passkey: Passkey) => Response): Response {
    const refusal = this.#refusalOf(body, false);
    if (refusal)
      return refusal;
    const passkey: Passkey = {
      id: `${this.passkeys.length + 1}`.padStart(32, '0'), credentialId: (body['credential'] as { id: string }).id, name: String(body['name'] ?? 'Passkey'),
      provider: null, createdAt: this.#time(), lastUsedAt: null, isSynced: false, forReview: false,
    };
    this.passkeys.push(passkey);
    return answer(passkey);
  }

  #refusalOf({ state, credential }: Record<string, unknown>, isKnown = true): Response | null {
    const { id } = credential as { id: string };
    return Number(String(state).split('.')[1]) <= this.now() ? this.#problem(400, 'ceremony_expired')
      : this.passkeys.some(({ credentialId }) => credentialId === id) === isKnown ? null
      : isKnown ? this.#problem(401, 'passkey_unknown') : this.#problem(409, 'passkey_exists');
  }

  #login(body: Record<string, unknown>): Response {
    const id = `${this.#rows.size + 1}`.padStart(32, 'a');
    const account = { id: `00${String(body['email']).toUpperCase()}`, email: String(body['email']), roles: this.roles };
    const expiresAt = this.now() + this.#lifetime(0);
    const session: Session = {
      id, device: null, userAgent: null, ipAddress: '203.0.113.7', location: { country: 'DE' }, createdAt: this.#time(), lastActivityAt: this.#time(),
      expiresAt: new Date(expiresAt).toISOString(), absoluteExpiresAt: this.#time(this.absoluteHours * hour), current: true,
    };
    this.#rows.set(id, { session, account, expiresAt, generation: 0, authenticatedAt: this.now(), rotatedAt: [], attempt: undefined, ended: null });
    return this.#ok({ ...this.#tokens(id, body['cookie'] === true), session: { ...session, lastSeenAt: this.#time(), online: true }, account } satisfies LoginResponse);
  }

  // In the order of the table in docs/design.md.
  #refresh({ refreshToken, attempt, idleFor = 0 }: Record<string, unknown>): Response {
    const row = this.#rowOf(refreshToken ?? this.cookie);
    if (row === undefined)
      return refreshToken === undefined ? this.#problem(400, 'invalid_request') : this.#problem(401, 'token_invalid');
    const generation = Number(String(refreshToken ?? this.cookie).split('.')[2]);
    if (row.ended !== null)
      return this.#problem(401, 'session_ended', { reason: row.ended });
    const expiresAt = this.now() + this.#lifetime(Number(idleFor));
    if (this.inactivitySeconds > 0 && Math.min(row.expiresAt, expiresAt) <= this.now()) {
      row.ended = 'inactive';
      return this.#problem(401, 'session_ended', { reason: row.ended });
    }
    const isFresh = refreshToken === undefined && this.now() - (row.rotatedAt[generation - 1] ?? Date.parse(row.session.createdAt)) < grace;
    if (generation === row.generation && isFresh) {
      // A fresh cookie isn't rotated; there is only a new access token.
    } else if (generation === row.generation) {
      row.rotatedAt[generation] = this.now();
      row.generation += 1;
      row.attempt = attempt;
      this.rotations += 1;
    } else if (!(row.generation === generation + 1 && attempt !== undefined && row.attempt === attempt)
      && this.now() - row.rotatedAt[generation]! > grace) {
      row.ended = 'token_reuse';
      return this.#problem(401, 'token_reused');
    }
    const { id } = row.session;
    row.expiresAt = expiresAt;
    return this.#ok({
      ...this.#tokens(id, refreshToken === undefined),
      session: { id, lastActivityAt: this.#time(), expiresAt: new Date(expiresAt).toISOString(), absoluteExpiresAt: row.session.absoluteExpiresAt },
    } satisfies RefreshResponse);
  }

  #tokens(id: string, byCookie: boolean): Omit<RefreshResponse, 'session'> {
    const refreshToken = `refresh.${id}.${this.#rows.get(id)!.generation}`;
    if (byCookie)
      this.cookie = refreshToken;
    return {
      tokenType: 'Bearer',
      accessToken: this.#accessToken(this.#rows.get(id)!),
      expiresIn: this.#accessTokenLifetime(this.#rows.get(id)!) / 1000,
      ...this.inactivitySeconds > 0 && { inactivityTimeout: this.inactivitySeconds },
      ...byCookie ? {} : { refreshToken },
      refreshExpiresIn: this.idleHours * 3600,
    };
  }

  #accessToken(row: Row): string {
    return `access.${row.session.id}.${this.now() + this.#accessTokenLifetime(row)}.${row.authenticatedAt}`;
  }

  // An access token never outlives a session that is inactive.
  #accessTokenLifetime({ expiresAt }: Row): number {
    return Math.min(this.accessTokenSeconds * 1000, this.inactivitySeconds > 0 ? expiresAt - this.now() : Infinity);
  }

  #lifetime(idleFor: number): number {
    return Math.min(this.idleHours * hour, this.inactivitySeconds > 0 ? (this.inactivitySeconds - idleFor) * 1000 : Infinity);
  }

  #rowOf(refreshToken: unknown): Row | undefined {
    return this.#rows.get(String(refreshToken).split('.')[1] ?? '');
  }

  #time(later = 0): string {
    return new Date(this.now() + later).toISOString();
  }

  #ok(body: object): Response {
    return Response.json(body, { headers: this.#headers() });
  }

  #problem(status: number, code: string | undefined, { detail = '-', reason, retryAfter }: { detail?: string; reason?: string; retryAfter?: number | string } = {}): Response {
    const headers = { ...this.#headers(), ...retryAfter === undefined ? {} : { 'retry-after': `${retryAfter}` } };
    return code === undefined ? new Response('<h1>Bad gateway</h1>', { status, headers })
      : Response.json({ type: 'about:blank', title: code, status, detail, code, ...reason === undefined ? {} : { reason }, traceId: '0' }, { status, headers });
  }

  #headers(): Record<string, string> {
    return this.sendsDate ? { date: new Date(this.now()).toUTCString() } : {};
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(done => setTimeout(done, milliseconds));
}
