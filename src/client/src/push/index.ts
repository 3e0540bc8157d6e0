import { SessionError } from '../index.ts';
import { browserStorage, ifAllowed } from '../platform/platform.ts';
import { memoryStorage } from '../platform/storage.ts';
import type { SessionManager } from '../session/types.ts';

export { handlePush, type PushAlert, type PushOptions, type PushTexts } from './worker.ts';

/** Push messages for the user of this browser. */
export interface Push {
  /** Whether this browser can receive them; false outside of secure contexts, and on an iPhone unless the page is on the home screen. */
  readonly isSupported: boolean;
  /** Whether this browser receives them for the active session. */
  isSubscribed(): Promise<boolean>;
  /**
   * Asks the user for permission, and tells the service where to send them. For the session: call it again after each login. Rejects with
   * `push_unsupported`, `push_denied`, `not_found` where push is off, or another code of the API. Call it from a click.
   */
  subscribe(): Promise<void>;
  /** Stops them, in this browser. */
  unsubscribe(): Promise<void>;
}

/**
 * Push messages of the session manager's users, shown by a service worker that calls `handlePush`. Create one per page. A subscription ends
 * with its session.
 * @param registration That of the service worker.
 */
export function createPush(sessions: Pick<SessionManager, 'request' | 'on' | 'ready' | 'state'>, registration: ServiceWorkerRegistration): Push {
  const { pushManager } = registration as Partial<ServiceWorkerRegistration>;
  const isSupported = !!pushManager && typeof Notification === 'function';
  const send = (method: 'POST' | 'DELETE', body?: object): Promise<void> =>
    sessions.request('sessions/push', undefined, { method, ...body && { body: JSON.stringify(body) } });
  const current = async (): Promise<PushSubscription | null> => await pushManager?.getSubscription() ?? null;
  // The browser has one subscription, whichever session made it.
  const storage = browserStorage() ?? memoryStorage();
  const key = `serverless-sessions:push:${registration.scope}`;
  const owner = async (): Promise<string | null> => await ifAllowed(() => storage.getItem(key));
  const remove = async (): Promise<void> => {
    ifAllowed(() => storage.removeItem(key));
    await (await current())?.unsubscribe();
  };

  // The service forgets it with the session. The next one, maybe of another user, decides for itself, and may have done so.
  sessions.on('ended', ({ session }) => void owner().then(id => id === session.id ? remove() : undefined).catch(() => {}));

  return {
    isSupported,
    async isSubscribed() {
      await sessions.ready;
      return !!await current() && await owner() === sessions.state.session?.id;
    },
    async subscribe() {
      if (!isSupported)
        throw new SessionError('push_unsupported', 'This browser can\'t receive push messages.');
      // First: some browsers ask only during the user's click.
      if (await Notification.requestPermission() !== 'granted')
        throw new SessionError('push_denied', 'The user doesn\'t allow notifications.');
      const { publicKey } = await sessions.request<{ publicKey: string }>('sessions/push', 'publicKey');
      const old = await current();
      if (old && toBase64Url(old.options.applicationServerKey) !== publicKey)
        await old.unsubscribe();
      const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey }).catch((cause: unknown) => {
        throw new SessionError('push_unsupported', 'The browser\'s push service refuses.', { cause });
      });
      const { endpoint, keys } = subscription.toJSON();
      const { session } = sessions.state;
      ifAllowed(() => session && storage.setItem(key, session.id));
      try {
        await send('POST', { endpoint, keys });
      } catch (error) {
        // What the service doesn't know would only look subscribed.
        await remove().catch(() => {});
        throw error;
      }
    },
    async unsubscribe() {
      await remove();
      await send('DELETE');
    },
  };
}

const toBase64Url = (key: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(key ?? []))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
