import type { SessionError } from '../api/error.ts';
import { endReasonOf, isTerminal, parseJson, toSessionError } from '../api/http.ts';
import type { SessionConfig } from './options.ts';
import type { Refresher } from './refresh.ts';
import type { SessionStore } from './store.ts';
import type { ActiveSession } from './stored-session.ts';

export function createAuthorizedRequests(store: SessionStore, refresher: Refresher, now: () => number, config: () => SessionConfig) {
  let asking: Promise<boolean> | null = null;

  /** Asks the user for a fresh proof, once for all requests. Returns whether there is one now. */
  function stepUp(ask: () => Promise<unknown>): Promise<boolean> {
    asking ??= Promise.resolve().then(ask).then(() => true, () => false).finally(() => {
      asking = null;
    });
    return asking;
  }

  /** The active session, refreshed if its access token has expired. */
  async function fresh(): Promise<ActiveSession> {
    const session = store.get();
    const { access } = session;
    // A token that expires within two seconds may have expired on arrival.
    return access && access.expiresAt - 2000 > now() ? session : await refresher.refresh(session);
  }

  async function refusalOf(response: Response): Promise<SessionError | undefined> {
    return response.status === 401 ? toSessionError(response, parseJson(await response.clone().text().catch(() => '')), now()) : undefined;
  }

  return {
    fresh,
    /**
     * Sends a request with an access token, and once more if the service finds the token expired, or its proof too old and the user gives
     * a fresh one.
     * @param send Gets no token if there is none and the service can't be reached.
     * @param isOwn Whether the request goes to the session service, whose refusal ends the session.
     */
    async send(send: (token: string | undefined) => Promise<Response>, isOwn: boolean): Promise<Response> {
      let session!: ActiveSession;
      let response!: Response;
      let refusal!: SessionError | undefined;
      /** Returns whether the request was sent. */
      async function attempt(renewal: Promise<ActiveSession>): Promise<boolean> {
        const id = store.active()?.id;
        const next = await renewal.catch((error: SessionError) => {
          if (error.code !== 'network_error')
            throw error;
        });
        // Repeated only with a fresh token of the same session: another user's must not repeat it.
        if (session && (!next?.access || next.id !== session.id))
          return false;
        // Offline the request is sent with the token at hand: a service worker may respond to it.
        session = next ?? store.get(id);
        response = await send(session.access?.token);
        // A refused stale token says nothing about the session. In cookie mode a record from the storage may lack the token.
        refusal = next?.access ? await refusalOf(response) : undefined;
        return true;
      }
      await attempt(fresh());
      if (refusal?.code === 'token_expired')
        await attempt(refresher.refresh(session));
      const { onStepUp } = config();
      for (let isAsked = false; onStepUp && !isAsked && refusal?.code === 'insufficient_user_authentication';) {
        // If there is another token by now, it may be the one of a step-up.
        isAsked = store.active()?.access?.token === session.access?.token;
        if (isAsked && !await stepUp(onStepUp) || !await attempt(fresh()))
          break;
      }
      if (isOwn && refusal && isTerminal(refusal))
        await refresher.end(session.id, endReasonOf(refusal));
      return response;
    },
  };
}
