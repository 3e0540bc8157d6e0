// @vitest-environment happy-dom
import { act, createElement, type ReactElement, type ReactNode, StrictMode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BackgroundSession, type ReactSession, SessionProvider, SessionStatusIndicator, useBackgroundSession, useSession } from './index.ts';
import { initialState } from '../session/state.ts';
import type { SessionManager, SessionState } from '../session/types.ts';

const start = Date.UTC(2026, 2, 14);
const account = { id: 'u', email: 'a@example.com', roles: [] };
const session = { id: 's' } as NonNullable<SessionState['session']>;

/** A session manager with a settable state. */
class FakeManager {
  state: SessionState = { ...initialState, status: 'active', account, session, accessTokenExpiresAt: start + 60_000, endReason: null };
  readonly login = vi.fn();
  readonly forceRefresh = vi.fn();
  readonly #listeners = new Set<() => void>();
  readonly now = (): number => Date.now();

  readonly subscribe = (listener: () => void): () => void => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  set(changes: Partial<SessionState>): void {
    this.state = { ...this.state, ...changes } as SessionState;
    this.#listeners.forEach(tell => tell());
  }
}

let manager: FakeManager;
let root: Root | null;
let place: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  manager = new FakeManager();
  root = null;
  place = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  act(() => root?.unmount());
  place.remove();
  vi.useRealTimers();
});

const provided = (children: ReactNode): ReactElement =>
  createElement(SessionProvider, { manager: manager as unknown as SessionManager }, children);

function show(children: ReactNode): void {
  root ??= createRoot(place);
  act(() => root!.render(createElement(StrictMode, null, provided(children))));
}

function advance(milliseconds: number): void {
  act(() => {
    vi.advanceTimersByTime(milliseconds);
  });
}

const change = (changes: Partial<SessionState>): void => act(() => manager.set(changes));

describe('useSession', () => {
  let seen: ReactSession[];
  const Seeing = (): ReactNode => {
    seen.push(useSession());
    return null;
  };

  test('renders once per change, and has the methods', () => {
    seen = [];
    show(createElement(Seeing));
    expect(seen.at(-1)).toMatchObject({ status: 'active', account, login: manager.login });
    const before = seen.length;
    change({ status: 'anonymous', account: null, session: null, endReason: 'logout' });
    expect(seen.at(-1)).toMatchObject({ status: 'anonymous', endReason: 'logout' });
    // Strict mode renders twice.
    expect(seen.length - before).toBe(2);
  });

  test('unsubscribes on unmount', () => {
    seen = [];
    show(createElement(Seeing));
    expect(manager.listeners).toBe(1);
    act(() => root!.unmount());
    root = null;
    expect(manager.listeners).toBe(0);
  });

  test('needs a provider', () => {
    seen = [];
    expect(() => renderToString(createElement(Seeing))).toThrow('no <SessionProvider>');
  });
});

describe('useBackgroundSession', () => {
  let last: BackgroundSession;
  let renders: number;
  const Seeing = (): ReactNode => {
    renders += 1;
    last = useBackgroundSession();
    return null;
  };
  beforeEach(() => {
    renders = 0;
    show(createElement(Seeing));
  });

  test('counts down every second until the token has expired', () => {
    expect(last).toMatchObject({ isValid: true, timeUntilExpiry: 60_000, isRefreshing: false, retry: null });
    advance(1500);
    expect(last.timeUntilExpiry).toBe(59_000);
    advance(58_500);
    expect(last).toMatchObject({ isValid: false, timeUntilExpiry: 0 });
    const before = renders;
    advance(10_000);
    expect(renders).toBe(before);
  });

  test('restarts with a new token', () => {
    advance(50_000);
    change({ accessTokenExpiresAt: Date.now() + 1_800_000 });
    expect(last).toMatchObject({ isValid: true, timeUntilExpiry: 1_800_000 });
  });

  test('has no timer without a token or a session', () => {
    change({ accessTokenExpiresAt: null });
    expect(last).toMatchObject({ isValid: false, timeUntilExpiry: null });
    change({ status: 'anonymous' });
    expect(last.timeUntilExpiry).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('has isRefreshing, retry and expiring', () => {
    change({ isRefreshing: true });
    expect(last.isRefreshing).toBe(true);
    change({ isRefreshing: false, isOnline: false, retry: { tries: 2, at: start }, expiring: { cause: 'unreachable', at: start } });
    expect(last).toMatchObject({ isOnline: false, retry: { tries: 2 }, expiring: { cause: 'unreachable' } });
    last.forceRefresh();
    expect(manager.forceRefresh).toHaveBeenCalledOnce();
  });
});

describe('the indicator', () => {
  const status = (): string | null => place.querySelector('[role=status]')!.textContent;
  const button = (): HTMLButtonElement | null => place.querySelector('button');
  const details = (): string | undefined => place.querySelector('[role=tooltip]')?.textContent ?? undefined;
  beforeEach(() => show(createElement(SessionStatusIndicator)));

  test('is hidden while there is nothing to show, except for the live region', () => {
    expect([button(), status(), place.querySelector('[role=status]')!.getAttribute('aria-live')]).toEqual([null, '', 'polite']);
    change({ status: 'anonymous', isRefreshing: true });
    advance(1000);
    expect(button()).toBeNull();
  });

  test('ignores a fast refresh', () => {
    change({ isRefreshing: true });
    advance(300);
    expect(button()).toBeNull();
    change({ isRefreshing: false });
    advance(5000);
    expect(button()).toBeNull();
  });

  test('appears with a slow refresh, and disappears at once', () => {
    change({ isRefreshing: true });
    advance(400);
    expect([button()!.textContent, status()]).toEqual(['Refreshing the session', 'Refreshing the session']);
    change({ isRefreshing: false });
    expect([button(), status()]).toEqual([null, '']);
  });

  test('stays while it has the focus, which would be lost with it', () => {
    change({ isRefreshing: true });
    advance(400);
    act(() => button()!.focus());
    change({ isRefreshing: false });
    expect([document.activeElement, button()!.textContent, button()!.querySelector('span'), status()]).toEqual([button(), 'Logged in as a@example.com.', null, '']);
    act(() => button()!.blur());
    expect(button()).toBeNull();
  });

  test('leaves with the session, and doesn\'t come back with the next one', () => {
    change({ isRefreshing: true });
    advance(400);
    act(() => button()!.focus());
    change({ status: 'anonymous', account: null, session: null, isRefreshing: false });
    expect(button()).toBeNull();
    change({ status: 'active', account, session });
    expect(button()).toBeNull();
  });

  test('stays between retries, and doesn\'t announce seconds', () => {
    change({ retry: { tries: 1, at: start + 5400 } });
    advance(400);
    expect(status()).toBe('Connection problem');
    const region = place.querySelector('[role=status]')!;
    const announced: string[] = [];
    const observer = new MutationObserver(() => announced.push(region.textContent));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    advance(3000);
    change({ isRefreshing: true });
    change({ isRefreshing: false, retry: { tries: 2, at: start + 20_000 } });
    expect([button()!.textContent, announced]).toEqual(['Connection problem', []]);
    observer.disconnect();
  });

  test('is hidden while offline', () => {
    change({ retry: { tries: 1, at: start }, isOnline: false });
    advance(1000);
    expect(button()).toBeNull();
  });

  test('shows details on focus until Escape is pressed', () => {
    change({ retry: { tries: 2, at: start + 10_400 } });
    advance(400);
    expect(details()).toBeUndefined();
    act(() => button()!.focus());
    expect(details()).toBe('Logged in as a@example.com.The access token expires in 60 s.2 tries failed; next try in 10 s. You stay logged in.');
    expect(button()!.getAttribute('aria-describedby')).toBe(place.querySelector('[role=tooltip]')!.id);
    advance(1000);
    expect(details()).toContain('next try in 9 s');
    act(() => {
      button()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    });
    expect(details()).toBeUndefined();
    act(() => button()!.click());
    expect(details()).toBeDefined();
  });

  test('shows details while hovered or focused, and Escape closes them wherever the focus is', () => {
    const mouse = (name: string): void => act(() => void button()!.dispatchEvent(new MouseEvent(name, { bubbles: true })));
    change({ isRefreshing: true });
    advance(400);
    mouse('mouseover');
    expect(details()).toBeDefined();
    act(() => void document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
    expect(details()).toBeUndefined();

    act(() => button()!.focus());
    mouse('mouseover');
    mouse('mouseout');
    expect(details()).toBeDefined();
    mouse('mouseover');
    act(() => button()!.blur());
    expect(details()).toBeDefined();
    mouse('mouseout');
    expect(details()).toBeUndefined();
  });

  test('spins only if reduced motion isn\'t preferred', () => {
    const animate = vi.fn();
    const before = HTMLElement.prototype.animate;
    HTMLElement.prototype.animate = animate;
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    try {
      for (const matchMedia of [() => ({ matches: true }), undefined, refuse]) {
        vi.stubGlobal('matchMedia', matchMedia);
        change({ isRefreshing: true });
        advance(400);
        expect(animate).not.toHaveBeenCalled();
        change({ isRefreshing: false });
      }
      vi.stubGlobal('matchMedia', () => ({ matches: false }));
      change({ isRefreshing: true });
      advance(400);
      expect(animate).toHaveBeenCalled();
    } finally {
      HTMLElement.prototype.animate = before;
      vi.unstubAllGlobals();
    }
  });

  test('can be translated', () => {
    show(createElement(SessionStatusIndicator, { delay: 0, texts: { refreshing: 'Sitzung wird erneuert' } }));
    change({ isRefreshing: true });
    advance(0);
    expect(status()).toBe('Sitzung wird erneuert');
  });
});

test('a server renders the starting state, and the page hydrates it', () => {
  const Greeting = (): ReactNode => {
    const { status, account: whose } = useSession();
    const { timeUntilExpiry } = useBackgroundSession();
    return createElement('p', null, `${status} ${whose?.email} ${timeUntilExpiry}`);
  };
  const app = provided([createElement(Greeting, { key: 1 }), createElement(SessionStatusIndicator, { key: 2 })]);
  const html = renderToString(app);
  expect(html).toContain('starting undefined null');
  expect(html).not.toContain('a@example.com');
  // A strict Content-Security-Policy would refuse them.
  expect(html).not.toContain('style=');
  place.innerHTML = html;
  const complaints: unknown[] = [];
  act(() => {
    root = hydrateRoot(place, app, { onRecoverableError: error => complaints.push(error) });
  });
  expect(place.textContent).toBe('active a@example.com 60000');
  expect(place.querySelector('[role=status]')).not.toBeNull();
  expect(complaints).toEqual([]);
});
