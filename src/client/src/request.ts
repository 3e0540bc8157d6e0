import { isTerminal, networkError, problemOf } from './api.ts';
import { SessionError } from './error.ts';
import { type Live, parse } from './held.ts';
import type { Refresher } from './refresh.ts';
import { endReasonOf } from './refresh.ts';
import type { Store } from './store.ts';

/** An access token that ends within this many milliseconds may have ended when it arrives. */
const margin = 2000;

export interface Sender {
  /** What is held; throws where there is no session. */
  held(): Live;
  /** What is held, renewed where it has expired; throws where there is no session, or where it can't be renewed. */
  fresh(): Promise<Live>;
  /**
   * Sends a request with the access token, and once more where the service finds it expired.
   * @param send Sends it with a token, or without one where there is none and the service can't be reached.
   * @param isOurs Whether the service itself answers, whose word ends a session.
   */
  authorized(send: (token: string | undefined) => Promise<Response>, isOurs: boolean): Promise<Response>;
}

export function createSender(store: Store, refresher: Refresher, now: () => number, isOnline: () => boolean): Sender {
  function held(): Live {
    const session = store.live();
    if (!session)
      throw new SessionError('no_session', 'Log in first.');
    return session;
  }

  async function renewed(stale: Live): Promise<Live> {
    const session = held();
    // Another request, or another tab, may have got a new one meanwhile.
    if (!session.access || session.access.token === stale.access?.token)
      await refresher.refresh(session);
    return held();
  }

  async function fresh(): Promise<Live> {
    const session = held();
    const { access } = session;
    if (access && access.expiresAt - margin > now())
      return session;
    if (!isOnline())
      throw networkError();
    return await renewed(session);
  }

  // What the answer says against the token that it was asked with, if anything.
  async function refusalOf(response: Response): Promise<SessionError | false> {
    return response.status === 401 && problemOf(response, parse(await response.clone().text().catch(() => null)));
  }

  return {
    held,
    fresh,
    async authorized(send, isOurs) {
      let session = held();
      let mayRefresh = true;
      try {
        session = await fresh();
      } catch (error) {
        if (!(error instanceof SessionError) || error.code !== 'network_error')
          throw error;
        // A service worker may still have an answer; and without one this fails in the way of any request.
        session = held();
        mayRefresh = false;
      }
      let response = await send(session.access?.token);
      let refusal = await refusalOf(response);
      if (mayRefresh && refusal && refusal.code === 'token_expired') {
        session = await renewed(session);
        response = await send(session.access?.token);
        refusal = await refusalOf(response);
      }
      if (isOurs && refusal && isTerminal(refusal))
        await refresher.end(session.id, endReasonOf(refusal));
      return response;
    },
  };
}
