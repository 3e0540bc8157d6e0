import type { Passkey } from '../api/wire.ts';
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
  /** Removes a passkey; `last_credential` refuses it if the account would have neither passkey nor password. */
  remove(id: string): Promise<void>;
}

type Asked<Options> = Readonly<{ options: Options; state: string }>;
type StepUpOptions = Readonly<{ password: boolean }> & Partial<Asked<PublicKeyCredentialRequestOptionsJSON>>;

// The service accepts a state for five minutes.
const renewal = 4 * 60_000;
const retryDelay = 30_000;

const codes: Readonly<Record<string, SessionErrorCode>> = {
  NotAllowedError: 'passkey_cancelled', AbortError: 'passkey_cancelled', UnknownError: 'passkey_cancelled', TimeoutError: 'passkey_timeout',
  InvalidStateError: 'passkey_exists', SecurityError: 'passkey_wrong_rp', NotSupportedError: 'passkeys_unsupported', ConstraintError: 'passkeys_unsupported',
};

/** What passkeys need of a session manager; `login` may be your own. */
export interface PasskeySessions<State> extends Pick<SessionManager, 'request' | 'stepUp'> {
  login(credentials: PasskeyProof & LoginOptions): Promise<State>;
}

/** Passkeys of the session manager's users. Create one per page. */
export function createPasskeys<State = SessionState>({ request, login, stepUp }: PasskeySessions<State>): Passkeys<State> {
  const json = (method: string, body?: object): RequestInit => body ? { method, body: JSON.stringify(body) } : { method };
  const ask = <Options>(route: string, isOwn?: boolean): Promise<Asked<Options>> =>
    request<Asked<Options>>(`${route}/options`, 'options', json('POST'), undefined, isOwn);
  const askForStepUp = (): Promise<StepUpOptions> => request<StepUpOptions>('sessions/step-up/options', 'password', json('POST'));

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

  /** Asks the browser for what it signs. */
  async function sign<Options extends CredentialCreationOptions | CredentialRequestOptions>(
    { state }: Asked<unknown>, use: (options: Options) => Promise<Credential | null>, options: Options,
  ): Promise<PasskeyProof> {
    const start = Date.now();
    try {
      return { state, credential: (await use(options) as PublicKeyCredential).toJSON() };
    } catch (cause) {
      const { signal, publicKey } = options;
      const { name = '' } = (cause ?? {}) as Partial<DOMException>;
      const code = signal?.aborted ? 'passkey_cancelled'
        // Browsers reject a prompt that has timed out as one that was refused.
        : name === 'NotAllowedError' && Date.now() - start >= (publicKey?.timeout ?? Infinity) ? 'passkey_timeout'
        : codes[name];
      throw code ? new SessionError(code, 'No passkey.', { cause }) : cause;
    }
  }

  const get = (asked: Asked<PublicKeyCredentialRequestOptionsJSON>, others: CredentialRequestOptions): Promise<PasskeyProof> =>
    sign(asked, options => navigator.credentials.get(options), { ...others, publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.options) });

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
        const asked = await ask<PublicKeyCredentialRequestOptionsJSON>('sessions/passkey', false);
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
    register: ({ name, signal } = {}) => prompt(async () => {
      const asked = await ask<PublicKeyCredentialCreationOptionsJSON>('accounts/passkeys');
      const proof = await sign(asked, options => navigator.credentials.create(options), {
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.options), ...signal && { signal },
      });
      return await request<Passkey>('accounts/passkeys', 'id', json('POST', { ...proof, name }));
    }),
    async login({ conditional, signal, ...options } = {}) {
      const proof = conditional && isSupported() ? await offer(signal)
        : await prompt(async () => get(await ask('sessions/passkey', false), signal ? { signal } : {}));
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
