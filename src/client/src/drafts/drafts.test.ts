import { beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryStorage } from '../platform/storage.ts';
import { FakeLocks, type Tab } from '../testing/browser.ts';
import { advance, createEnvironment, minute } from '../testing/environment.ts';
import { createDrafts, type Drafts } from './index.ts';

const env = createEnvironment();
const key = 'serverless-sessions:drafts';
let storage: ReturnType<typeof memoryStorage>;
let tab: Tab;
let drafts: Drafts;

beforeEach(async () => {
  storage = memoryStorage();
  tab = await env.loggedIn();
  // The process's own locks, if any, ignore the fake timers.
  vi.stubGlobal('navigator', {});
  drafts = createDrafts(tab.manager, { storage });
  return () => vi.unstubAllGlobals();
});

async function login(email = 'demo@example.com'): Promise<void> {
  void tab.manager.login({ email, password: 'right' });
  await advance(1000);
}

async function end(reason: string): Promise<void> {
  env.service.end(tab.manager.state.session!.id, reason);
  void tab.manager.getSessionStatus().catch(() => {});
  await advance(100);
}

/** An input that is saved and restored. */
function page(text: string): { text: string; leave: () => void } {
  const typed = { text, leave: () => {} };
  typed.leave = drafts.keepValue('order', () => typed.text || null, (value: string) => void (typed.text = value));
  return typed;
}

describe('a draft', () => {
  test('is restored once after a forced login', async () => {
    page('two apples').leave();
    const typed = page('three apples');
    await end('expired_absolute');
    typed.leave();
    const after = page('');
    await login();
    expect(after.text).toBe('three apples');
    after.leave();
    const later = page('');
    await advance(10);
    expect(later.text).toBe('');
  });

  test('is saved on expiring, since the page may be gone by the end', async () => {
    env.service.absoluteHours = 1;
    await login();
    page('three apples');
    await advance(56 * minute);
    tab.manager.close();
    tab = env.browser.open();
    drafts = createDrafts(tab.manager, { storage });
    const after = page('');
    await advance(10);
    expect(after.text).toBe('three apples');
  });

  test('isn\'t restored for another account', async () => {
    const typed = page('three apples');
    await end('admin');
    typed.leave();
    const after = page('');
    await login('other@example.com');
    expect(after.text).toBe('');
  });

  test('is deleted by a logout', async () => {
    env.service.absoluteHours = 1;
    await login();
    const typed = page('three apples');
    await advance(56 * minute);
    expect(await storage.getItem(key)).toContain('apples');
    void tab.manager.logout();
    await advance(100);
    typed.leave();
    expect(await storage.getItem(key)).toBeNull();
    const after = page('');
    await login();
    expect(after.text).toBe('');
  });

  test.each(['logout_all', 'account_closed'])('is deleted by %s', async reason => {
    const typed = page('three apples');
    await end(reason);
    typed.leave();
    expect(await storage.getItem(key)).toBeNull();
  });

  test('is deleted when the session goes on after a warning', async () => {
    env.service.idleHours = 1;
    await login();
    const typed = page('three apples');
    env.service.isDown = true;
    env.browser.online(false);
    await advance(56 * minute);
    expect(await storage.getItem(key)).toContain('apples');
    env.service.isDown = false;
    env.browser.online(true);
    await advance(1000);
    expect(await storage.getItem(key)).toBeNull();
    typed.leave();
    const after = page('');
    await advance(10);
    expect(after.text).toBe('');
  });

  const later = {
    getItem: async (item: string) => await Promise.resolve(storage.getItem(item)),
    setItem: async (item: string, value: string) => void await Promise.resolve(storage.setItem(item, value)),
    removeItem: async (item: string) => void await Promise.resolve(storage.removeItem(item)),
  };
  test.each([
    ['saved', 'admin', 'at once', null, /apples.*ripe/], ['saved', 'admin', 'a moment later', later, /apples.*ripe/],
    ['cleared', 'logout_all', 'at once', null, /^null$/], ['cleared', 'logout_all', 'a moment later', later, /^null$/],
  ])('is %s at the end by %s though the page leaves then, and the storage answers %s', async (_, reason, __, given, expected) => {
    storage.setItem(key, JSON.stringify({ account: tab.manager.state.account!.id, at: Date.now(), values: { other: 1 } }));
    // Another tab never releases the lock.
    const locks = new FakeLocks();
    void locks.request(key, new AbortController(), () => new Promise(() => {}));
    vi.stubGlobal('navigator', { locks });
    drafts = createDrafts(tab.manager, { storage: given ?? storage });
    const offs = ['apples', 'ripe ones'].map(text => drafts.keepValue(text, () => text, () => {}));
    let left: string | null | undefined;
    tab.manager.on('ended', () => setTimeout(() => left = storage.getItem(key) as string | null));
    await end(reason);
    offs.forEach(off => off());
    expect(String(left)).toMatch(expected);
  });

  test('can be discarded', async () => {
    env.service.absoluteHours = 1;
    await login();
    page('three apples').leave();
    page('three apples');
    await advance(56 * minute);
    drafts.discard('order');
    await advance(10);
    expect(await storage.getItem(key)).toBeNull();
  });

  test('survives a restore that throws, and so do later drafts', async () => {
    const typed = page('three apples');
    await end('admin');
    typed.leave();
    const thrown: unknown[] = [];
    const leave = drafts.keepValue('order', () => null, () => {
      throw new Error('a fault');
    });
    await login().catch((error: unknown) => void thrown.push(error));
    leave();
    expect(thrown).toHaveLength(1);
    const other = drafts.keepValue('note', () => 'ripe ones', () => {});
    await end('admin');
    other();
    expect(await storage.getItem(key)).toMatch(/apples.*ripe|ripe.*apples/);
  });

  test.each(['expiring', 'ended'])('that JSON can\'t hold is reported when the session is %s, and the others are saved', async when => {
    env.service.absoluteHours = 1;
    await login();
    const leave = drafts.keepValue('number', () => 1n, () => {});
    const typed = page('three apples');
    const thrown: unknown[] = [];
    await (when === 'ended' ? end('admin').then(() => advance(1000)) : advance(56 * minute)).catch((error: unknown) => void thrown.push(error));
    await advance(1000);
    expect(thrown).toMatchObject([{ name: 'TypeError' }]);
    expect(await storage.getItem(key)).toContain('three apples');
    leave();
    typed.leave();
  });

  test('is saved over a record without values', async () => {
    env.service.absoluteHours = 1;
    await login();
    storage.setItem(key, JSON.stringify({ account: tab.manager.state.account!.id, at: Date.now() }));
    const typed = page('three apples');
    await advance(56 * minute);
    typed.leave();
    expect(await storage.getItem(key)).toContain('three apples');
  });

  test('of each tab is kept under its name', async () => {
    const items = memoryStorage();
    const slow = {
      getItem: async (item: string) => {
        await new Promise(done => setTimeout(done, 50));
        return items.getItem(item);
      },
      setItem: async (item: string, value: string) => {
        await new Promise(done => setTimeout(done, 50));
        items.setItem(item, value);
      },
      removeItem: async (item: string) => void items.removeItem(item),
    };
    const other = env.browser.open();
    vi.stubGlobal('navigator', { locks: new FakeLocks() });
    const kept: [Tab, string, string][] = [[tab, 'order', 'three apples'], [other, 'note', 'ripe ones']];
    const leave = kept.map(([{ manager }, name, text]) =>
      createDrafts(manager, { storage: slow }).keepValue(name, () => text, () => {}));
    await advance(1000);
    await end('admin');
    await advance(1000);
    leave.forEach(off => off());
    expect(await items.getItem(key)).toMatch(/apples.*ripe|ripe.*apples/);
    other.manager.close();
  });

  test('expires after a day', async () => {
    const typed = page('three apples');
    await end('admin');
    typed.leave();
    await advance(25 * 60 * minute);
    const after = page('');
    await login();
    expect(after.text).toBe('');
  });
});
