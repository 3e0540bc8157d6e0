// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { createDrafts } from './index.ts';
import { memoryStorage } from '../platform/storage.ts';
import type { Tab } from '../testing/browser.ts';
import { advance, createEnvironment, minute } from '../testing/environment.ts';

const env = createEnvironment();
const kept = 'serverless-sessions:drafts';
let storage: ReturnType<typeof memoryStorage>;
let tab: Tab;

beforeEach(async () => {
  // The process's own locks, if any, ignore the fake timers.
  vi.stubGlobal('navigator', {});
  storage = memoryStorage();
  env.service.absoluteHours = 1;
  tab = await env.loggedIn();
  return () => vi.unstubAllGlobals();
});

function show(): { form: HTMLFormElement; field: HTMLInputElement; stop: () => void } {
  document.body.innerHTML = '<form id="order"><input name="item"></form><input name="note" form="order">';
  const form = document.querySelector('form')!;
  return { form, field: form.querySelector('input')!, stop: createDrafts(tab.manager, { storage }).keep('order', form) };
}

function type(field: HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

async function end(): Promise<void> {
  env.service.end(tab.manager.state.session!.id, 'admin');
  void tab.manager.getSessionStatus().catch(() => {});
  await advance(500);
}

test('a form that was sent and reset isn\'t saved, and its earlier draft is deleted', async () => {
  const { form, field, stop } = show();
  type(field, 'apples');
  await advance(56 * minute);
  expect(storage.getItem(kept)).toContain('apples');
  form.reset();
  await end();
  stop();
  expect(storage.getItem(kept)).toBeNull();
});

test('a form whose only edited field is elsewhere on the page is saved', async () => {
  const { stop } = show();
  type(document.querySelector('[name=note]')!, 'ripe ones');
  await end();
  stop();
  expect(storage.getItem(kept)).toContain('"order"');
});

test('a form that is removed before its draft is restored leaves it to the next one', async () => {
  const { field, stop } = show();
  type(field, 'apples');
  await end();
  stop();
  const gone = show();
  void tab.manager.login({ email: 'demo@example.com', password: 'right' });
  const off = tab.manager.subscribe(() => tab.manager.state.account && gone.stop());
  await advance(1000);
  off();
  expect(storage.getItem(kept)).toContain('apples');
  const next = show();
  await advance(1000);
  next.stop();
  expect(next.field.value).toBe('apples');
});
