import type { Account, Ceremony, Passkey, StepUpWays } from '../api/wire.ts';
import { SessionError, type SessionErrorCode } from '../index.ts';
import type { LoginOptions, PasskeyProof, SessionManager, SessionState } from '../session/types.ts';

export type { Passkey };

export interface PasskeyLoginOptions extends LoginOptions {
  /**
   * Offers passkeys in the autofill of the page's field with `autocomplete="username webauthn"`, without a prompt: call it when the form is
   * shown. It waits until a passkey is chosen there or `signal` aborts it, through outages too, and pauses while another method prompts.
   */
  readonly conditional?: boolean;
  readonly signal?: AbortSignal;
}

/** Prompts reject with `passkeys_unsupported`, `passkey_cancelled`, `passkey_timeout`, or a code of the API. */
export interface Passkeys<State = SessionState> {
  /** Whether this browser has what passkeys need; false outside of secure contexts. */
  readonly isSupported: boolean;
  /** Whether it can offer passkeys in autofill. */
  isConditionalSupported(): Promise<boolean>;
  /**
   * Creates an account without a password, and its passkey, which is called `name`. Starts no session. Undefined where the service verifies
   * emails: it has sent a link to this one.
   */
  registerAccount(account: {
    readonly email: string; readonly name?: string; readonly device?: string; readonly captchaToken?: string; readonly signal?: AbortSignal;
  }): Promise<Account | undefined>;
  /** Creates a passkey for the user. Rejects with `passkey_exists` if the chosen authenticator has one already. */
  register(options?: { readonly name?: string; readonly signal?: AbortSignal }): Promise<Passkey>;
  /** Starts a session in all tabs, as the manager's `login` does; the passkey says whose. */
  login(options?: PasskeyLoginOptions): Promise<State>;
  /** Proves again who the user is: the `stepUp` of the manager. */
  stepUp(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** What the user can step up with. */
  stepUpMethods(): Promise<{ readonly password: boolean; readonly passkey: boolean }>;
  list(): Promise<readonly Passkey[]>;
  rename(id: string, to: { readonly name: string }): Promise<Passkey>;
  /** Keeps a passkey that is for review, since an administrator secured the account: it proves its user again. */
  keep(id: string): Promise<Passkey>;
  /** Removes a passkey; `last_credential` refuses it if the account would have neither passkey nor password. */
  remove(id: string): Promise<void>;
}

type Creation = Ceremony<PublicKeyCredentialCreationOptionsJSON>;
type Assertion = Ceremony<PublicKeyCredentialRequestOptionsJSON>;

// The service accepts a state for five minutes.
const renewal = 4 * 60_000;
const retryDelay = 30_000;

const codes: Readonly<Record<string, SessionErrorCode>> = {
  NotAllowedError: 'passkey_cancelled', AbortError: 'passkey_cancelled', UnknownError: 'passkey_cancelled', TimeoutError: 'passkey_timeout',
  // Something else on the page is asking.
  OperationError: 'passkey_cancelled',
  InvalidStateError: 'passkey_exists', SecurityError: 'passkey_wrong_rp', NotSupportedError: 'passkeys_unsupported', ConstraintError: 'passkeys_unsupported',
};

/** What passkeys need of a session manager; `login` may be your own. */
export interface PasskeySessions<State> extends Pick<SessionManager, 'request' | 'stepUp'> {
  login(credentials: PasskeyProof & LoginOptions): Promise<State>;
}

/** Passkeys of the session manager's users. Create one per page. */
export function createPasskeys<State = SessionState>({ request, login, stepUp }: PasskeySessions<State>): Passkeys<State> {
  const json = (method: string, body?: object): RequestInit => body ? { method, body: JSON.stringify(body) } : { method };
  const ask = <C extends Ceremony>(route: string, isOwn?: boolean, body?: object): Promise<C> =>
    request<C>(`${route}/options`, 'options', json('POST', body), undefined, isOwn);
  const askForStepUp = (): Promise<StepUpWays<Assertion['options']>> => request('sessions/step-up/options', 'password', json('POST'));

  // A browser shows one prompt at a time, and the offer in autofill counts as one.
  let prompting: Promise<unknown> = Promise.resolve();
  let interruptOffer = (): void => {};

  const isSupported = (): boolean =>
    typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential && 'toJSON' in PublicKeyCredential.prototype;

  /** Runs a ceremony while no offer does. */
  async function prompt<T>(ceremony: () => Promise<T>): Promise<T> {
    if (!isSupported())
      throw new SessionError('passkeys_unsupported', 'This browser can\'t use passkeys.');
    interruptOffer();
    const running = ceremony();
    prompting = Promise.allSettled([prompting, running]);
    return await running;
  }

  /** Waits for what the browser signs. */
  async function sign(
    state: string, { signal, publicKey }: CredentialCreationOptions | CredentialRequestOptions, answer: Promise<Credential | null>,
  ): Promise<PasskeyProof> {
    const start = Date.now();
    try {
      return { state, credential: (await answer as PublicKeyCredential).toJSON() };
    } catch (cause) {
      const { name = '' } = (cause ?? {}) as Partial<DOMException>;
      const code = signal?.aborted ? 'passkey_cancelled'
        // Browsers reject a prompt that has timed out as one that was refused.
        : name === 'NotAllowedError' && Date.now() - start >= (publicKey?.timeout ?? Infinity) ? 'passkey_timeout'
        : codes[name];
      throw code ? new SessionError(code, 'No passkey.', { cause }) : cause;
    }
  }

  function create({ options, state }: Creation, signal: AbortSignal | undefined): Promise<PasskeyProof> {
    const given = { publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), ...signal && { signal } };
    return sign(state, given, navigator.credentials.create(given));
  }

  function get({ options, state }: Omit<Assertion, 'expiresAt'>, others: CredentialRequestOptions): Promise<PasskeyProof> {
    const given = { ...others, publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) };
    return sign(state, given, navigator.credentials.get(given));
  }

  /** Offers passkeys in autofill until one is chosen, with options that are never too old. */
  async function offer(signal: AbortSignal | undefined): Promise<PasskeyProof> {
    for (;;) {
      const round = new AbortController();
      const end = (): void => round.abort();
      // A hidden page renews them when it is seen again.
      const renew = (): void => document.visibilityState === 'hidden'
        ? document.addEventListener('visibilitychange', renew, { once: true, signal: round.signal })
        : end();
      signal?.addEventListener('abort', end, { signal: round.signal });
      interruptOffer = end;
      let timer: ReturnType<typeof setTimeout> | undefined;
      await prompting;
      if (signal?.aborted)
        throw new SessionError('passkey_cancelled', 'Aborted.', { cause: signal.reason });
      try {
        const asked = await ask<Assertion>('sessions/passkey', false);
        timer = setTimeout(renew, renewal);
        round.signal.throwIfAborted();
        return await get(asked, { mediation: 'conditional', signal: round.signal });
      } catch (error) {
        if (!round.signal.aborted && !await isPassing(error, round.signal))
          throw error;
      } finally {
        clearTimeout(timer);
        end();
      }
    }
  }

  return {
    get isSupported() {
      return isSupported();
    },
    isConditionalSupported: async () => isSupported() && await PublicKeyCredential.isConditionalMediationAvailable().catch(() => false),
    registerAccount: ({ email, signal, ...account }) => prompt(async () => {
      const proof = await create(await ask('accounts/passkey', false, { email }), signal);
      return await request<Account>('accounts/passkey', 'id', json('POST', { ...proof, ...account }), 202, false);
    }),
    register: ({ signal, ...passkey } = {}) => prompt(async () => {
      const proof = await create(await ask('accounts/passkeys'), signal);
      return await request<Passkey>('accounts/passkeys', 'id', json('POST', { ...proof, ...passkey }));
    }),
    async login({ conditional, signal, ...options } = {}) {
      const proof = conditional && isSupported() ? await offer(signal)
        : await prompt(async () => get(await ask<Assertion>('sessions/passkey', false), signal ? { signal } : {}));
      return await login({ ...options, ...proof });
    },
    stepUp: ({ signal } = {}) => prompt(async () => {
      const { options, state } = await askForStepUp();
      if (!options || !state)
        throw new SessionError('passkey_unknown', 'The account has no passkey.');
      await stepUp(await get({ options, state }, signal ? { signal } : {}));
    }),
    async stepUpMethods() {
      const { password, options } = await askForStepUp();
      return { password, passkey: !!options };
    },
    list: async () => (await request<{ passkeys: readonly Passkey[] }>('accounts/passkeys', 'passkeys')).passkeys,
    rename: (id, to) => request<Passkey>(`accounts/passkeys/${encodeURIComponent(id)}`, 'id', json('PATCH', to)),
    keep: id => request<Passkey>(`accounts/passkeys/${encodeURIComponent(id)}`, 'id', json('PATCH', { reviewed: true })),
    remove: id => request(`accounts/passkeys/${encodeURIComponent(id)}`, undefined, json('DELETE')),
  };
}

/** Waits after an error that passes by itself, such as an outage. */
async function isPassing(error: unknown, signal: AbortSignal): Promise<boolean> {
  if (!(error instanceof SessionError) || !['network_error', 'unavailable', 'rate_limited', 'unexpected_response'].includes(error.code))
    return false;
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, Math.max(retryDelay, (error.retryAfter ?? 0) * 1000));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return true;
}
