/** What a push message says. It has no secret and no email. */
export interface PushAlert {
  /** A kind of notice, such as `new_device`, or the change of an account, such as `password_changed`; expect others. */
  readonly kind: string;
  /** When it happened, in UTC. */
  readonly at: string;
  /** The session concerned, if it was one. */
  readonly sessionId?: string;
  readonly device?: string;
  /** ISO 3166, two capitals. */
  readonly country?: string;
}

export interface PushOptions {
  /**
   * The page for the user's account, of the worker's origin. "Not me" opens it with `#not-me=` and the session's id: the page ends that
   * session, and offers to change the password.
   */
  readonly url: string | URL;
  /** Translations. */
  readonly texts?: Partial<PushTexts>;
  /** The address of an image for the notification. */
  readonly icon?: string;
}

const titles: Readonly<Record<string, string>> = {
  new_device: 'Login from a new device',
  new_country: 'Login from a new country',
  country_changed: 'A session has moved to another country',
  impossible_travel: 'Logins far apart in a short time',
  login_refused: 'A login that was stopped',
  token_reuse: 'A copied session was ended',
  password_changed: 'Your password was changed',
  password_reset: 'Your password was reset',
  email_changed: 'Your email was changed',
  email_taken_back: 'Your former email was taken back',
  passkey_added: 'A passkey was added',
};

const english = {
  title: (kind: string) => titles[kind] ?? 'Security notice for your account',
  /** Undefined for what isn't known. */
  body: (device: string | undefined, country: string | undefined, at: Date) => [device, country, at.toLocaleString()].filter(Boolean).join(', '),
  mine: 'That was me',
  notMine: 'Not me',
};

/** Texts of a notification; `body` gets the name of the country. */
export type PushTexts = Readonly<typeof english>;

// The part of ServiceWorkerGlobalScope that is used; the WebWorker library of types conflicts with DOM.
interface PushEvent extends Event {
  readonly data?: { text(): string } | null;
  readonly notification: Notification;
  readonly action: string;
  waitUntil(work: Promise<unknown>): void;
}
interface WorkerScope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { openWindow(url: string): Promise<unknown> };
  addEventListener(type: 'push' | 'notificationclick', listener: (event: PushEvent) => void): void;
}

/**
 * Shows push messages as notifications with "That was me" and "Not me". Call it while the worker's script runs.
 * @param worker The `self` of a service worker.
 */
export function handlePush(worker: EventTarget, { url, texts, icon }: PushOptions): void {
  const scope = worker as unknown as WorkerScope;
  const { title, body, mine, notMine } = { ...english, ...texts };

  // Browsers require a notification for each message, even one that can't be read.
  scope.addEventListener('push', event => {
    const { kind, at, sessionId, device, country } = alertOf(event.data);
    event.waitUntil(scope.registration.showNotification(title(kind ?? ''), {
      body: body(device, nameOf(country), new Date(Date.parse(at ?? '') || Date.now())),
      // A message that comes twice replaces its notification.
      tag: `${kind} ${sessionId} ${at}`,
      data: sessionId,
      // Without a session there is none to end.
      actions: sessionId === undefined ? [] : [{ action: 'mine', title: mine }, { action: 'not-mine', title: notMine }],
      ...icon !== undefined && { icon },
    } as NotificationOptions));
  });

  scope.addEventListener('notificationclick', event => {
    const { notification, action } = event;
    notification.close();
    if (action === 'mine')
      return;
    const page = new URL(url, scope.location.href);
    // In the fragment, which reaches no server. Browsers without buttons report a click on the rest, which ends nothing.
    if (action === 'not-mine')
      page.hash = `not-me=${notification.data as string}`;
    event.waitUntil(scope.clients.openWindow(page.href));
  });
}

function alertOf(data: PushEvent['data']): Partial<PushAlert> {
  try {
    return JSON.parse(data!.text()) as PushAlert | null ?? {};
  } catch {
    return {};
  }
}

function nameOf(country: string | undefined): string | undefined {
  try {
    return country && new Intl.DisplayNames([], { type: 'region' }).of(country);
  } catch {
    return country;
  }
}
