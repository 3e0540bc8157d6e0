import type { SessionError } from '../api/error.ts';
import { isTerminal, parseJson, toSessionError } from '../api/http.ts';
import { endReasonOf, type Refresher } from './refresh.ts';
import type { SessionStore } from './store.ts';
import type { ActiveSession } from './stored-session.ts';

export function createAuthorizedRequests(store: SessionStore, refresher: Refresher, now: () => number) {
  /** The active session, refreshed if its access token has expired. */
  async function fresh(): Promise<ActiveSession> {
    const session = store.get();
    const { access } = session;
    // A token that expires within two seconds may have expired on arrival.
    return access && access.expiresAt - 2000 > now() ? session : await refresher.refresh(session);
  }

  // Offline the request is sent with the token at hand: a service worker may respond to it.
  async function orStale(renewal: Promise<ActiveSession>): Promise<[ActiveSession, boolean]> {
    try {
      const session = await renewal;
      // In cookie mode a record from the storage may lack the access token.
      return [session, !!session.access];
    } catch (error) {
      if ((error as SessionError).code !== 'network_error')
        throw error;
      return [store.get(), false];
    }
  }

  async function refusalOf(response: Response): Promise<SessionError | false> {
    return response.status === 401 && toSessionError(response, parseJson(await response.clone().text().catch(() => '')), now());
  }

  return {
    fresh,
    /**
     * Sends a request with an access token, and once more if the service finds the token expired.
     * @param send Gets no token if there is none and the service can't be reached.
     * @param isOwn Whether the request goes to the session service, whose refusal ends the session.
     */
    async send(send: (token: string | undefined) => Promise<Response>, isOwn: boolean): Promise<Response> {
      let [session, isFresh] = await orStale(fresh());
      let response = await send(session.access?.token);
      // A refused stale token says nothing about the session.
      let refusal = isFresh && await refusalOf(response);
      if (refusal && refusal.code === 'token_expired') {
        [session, isFresh] = await orStale(refresher.refresh(session));
        if (!isFresh)
          return response;
        response = await send(session.access?.token);
        refusal = await refusalOf(response);
      }
      if (isOwn && refusal && isTerminal(refusal))
        await refresher.end(session.id, endReasonOf(refusal));
      return response;
    },
  };
}
