// @vitest-environment happy-dom
import { act, type ChangeEvent, createElement, type ReactElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { createDrafts } from './index.ts';
import { fillForm, readForm } from './form.ts';
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

test.each([
  ['a password', '<input name="a" type="password">'],
  ['a password that is shown', '<input name="a" autocomplete="current-password"><input name="b" autocomplete="section-x new-password">'],
  ['a one-time code', '<input name="a" autocomplete="one-time-code webauthn">'],
  ['card data', '<input name="a" autocomplete="cc-name"><input name="b" autocomplete="billing cc-number"><input name="c" autocomplete="x cc-csc">'],
  ['what has autocomplete off', '<input name="a" autocomplete="off"><input name="b" autocomplete="OFF">'],
])('%s isn\'t saved', (_, fields) => {
  document.body.innerHTML = `<form>${fields}</form>`;
  expect(readForm(document.querySelector('form')!)).toBeNull();
});

test('a form with autocomplete off is left out, except for the fields that set theirs', () => {
  document.body.innerHTML = '<form autocomplete="off"><input name="a"><select name="b"></select><input name="c" autocomplete="email" value="x"></form>';
  expect(readForm(document.querySelector('form')!)).toEqual([['c', 'x']]);
});

test('fields of every kind are filled as they were', () => {
  const fields = '<input name="text"><textarea name="area"></textarea><input type="checkbox" name="on"><input type="checkbox" name="off" checked>'
    + '<input type="radio" name="size" value="s" checked><input type="radio" name="size" value="m">'
    + '<select name="one"><option>1<option>2</select><select name="some" multiple><option>1<option>2<option>3</select>';
  const filled = [
    ['text', 'a'], ['area', 'b\nc'], ['on', true], ['off', false], ['size', false], ['size', true], ['one', '2'], ['some', ['1', '3']],
  ] as const;
  document.body.innerHTML = `<form>${fields}</form>`;
  const form = document.querySelector('form')!;
  fillForm(form, filled);
  expect(readForm(form)).toEqual(filled);
});

test('a form of React has a restored draft in its state', () => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  let state = {};
  function Form(): ReactElement {
    const [text, setText] = useState('');
    const [area, setArea] = useState('');
    const [isOn, setOn] = useState(false);
    const [size, setSize] = useState('s');
    const [one, setOne] = useState('1');
    state = { text, area, isOn, size, one };
    const radio = (value: string) => ({ type: 'radio', name: 'size', value, checked: size === value, onChange: () => setSize(value) });
    return createElement(
      'form', null,
      createElement('input', { name: 'text', value: text, onChange: ({ target }) => setText(target.value) }),
      createElement(
        'textarea', { name: 'area', value: area, onChange: ({ target }: ChangeEvent<HTMLTextAreaElement>) => setArea(target.value) },
      ),
      createElement('input', { type: 'checkbox', name: 'on', checked: isOn, onChange: ({ target }) => setOn(target.checked) }),
      createElement('input', radio('s')), createElement('input', radio('m')),
      createElement(
        'select', { name: 'one', value: one, onChange: ({ target }: ChangeEvent<HTMLSelectElement>) => setOne(target.value) },
        ...['1', '2'].map(value => createElement('option', { key: value }, value)),
      ),
    );
  }
  document.body.innerHTML = '';
  const root = createRoot(document.body);
  act(() => root.render(createElement(Form)));
  const form = document.querySelector('form')!;
  const filled = [['text', 'a'], ['area', 'b'], ['on', true], ['size', false], ['size', true], ['one', '2']] as const;
  act(() => fillForm(form, filled));
  expect([state, readForm(form)]).toEqual([{ text: 'a', area: 'b', isOn: true, size: 'm', one: '2' }, filled]);
  act(() => root.unmount());
});
