import { isTerminal, problemOf } from './api.ts';
import type { SessionError } from './error.ts';
import { type Live, parse } from './held.ts';
import type { Refresher } from './refresh.ts';
import { endReasonOf } from './refresh.ts';
import type { Store } from './store.ts';

/** An access token that ends within this many milliseconds may have ended when it arrives. */
const margin = 2000;

export interface Sender {
  /** What is held, renewed where it has expired; throws where there is no session, or where it can't be renewed. */
  fresh(): Promise<Live>;
  /**
   * Sends a request with the access token, and once more where the service finds it expired.
   * @param send Sends it with a token, or without one where there is none and the service can't be reached.
   * @param isOurs Whether the service itself answers, whose word ends a session.
   */
  authorized(send: (token: string | undefined) => Promise<Response>, isOurs: boolean): Promise<Response>;
}

export function createSender(store: Store, refresher: Refresher, now: () => number): Sender {
  async function fresh(): Promise<Live> {
    const session = store.open();
    const { access } = session;
    return access && access.expiresAt - margin > now() ? session : await refresher.refresh(session);
  }

  // What a renewal brings, or what is held where nothing answers it: a service worker may still have an answer to the request, and
  // without one that fails in the way of any request.
  async function tried(renewal: Promise<Live>): Promise<[Live, boolean]> {
    try {
      const renewed = await renewal;
      // Where another tab of cookie mode has renewed it meanwhile, the storage tells that without the token.
      return [renewed, !!renewed.access];
    } catch (error) {
      if ((error as SessionError).code !== 'network_error')
        throw error;
      return [store.open(), false];
    }
  }

  // What the answer says against the token that it was asked with, if anything.
  async function refusalOf(response: Response): Promise<SessionError | false> {
    return response.status === 401 && problemOf(response, parse(await response.clone().text().catch(() => '')), now());
  }

  return {
    fresh,
    async authorized(send, isOurs) {
      let [session, isFresh] = await tried(fresh());
      let response = await send(session.access?.token);
      // What is said against an old token, or none, says nothing of the session.
      let refusal = isFresh && await refusalOf(response);
      if (refusal && refusal.code === 'token_expired') {
        [session, isFresh] = await tried(refresher.refresh(session));
        if (!isFresh)
          return response;
        response = await send(session.access?.token);
        refusal = await refusalOf(response);
      }
      if (isOurs && refusal && isTerminal(refusal))
        await refresher.end(session.id, endReasonOf(refusal));
      return response;
    },
  };
}
