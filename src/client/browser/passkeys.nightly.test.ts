import { expect, test } from 'vitest';
import { admin } from './harness/api.ts';
import { addAuthenticator } from './harness/authenticator.ts';
import { button, dialog, expectReadable, heading, logIn, withDemo } from './harness/demo.ts';
import {
  addPasskey, alert, demoPage, expectHistory, focused, logOut, refuseExport, withoutAutofill, withPasskey,
} from './harness/passkeys.ts';

test('a passkey is added, renamed and removed in a dialog, which keeps the focus', () => withDemo(async ({ who, context, demo }) => {
  const page = await demo(demoPage);
  const authenticator = await withPasskey(page, who);
  expect([await authenticator.count(), await focused(page)]).toEqual([1, 'Passkeys']);
  await expectHistory(page, context, 'passkey_added', 'login');

  await page.keyboard.press('Enter');
  await dialog(page).getByText('never used').waitFor();
  await button(page, 'Add a passkey').click();
  await alert(page, 'This device has a passkey of yours already.');
  await button(page, 'Rename A laptop').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Work <b>laptop</b>');
  await page.keyboard.press('Enter');
  await dialog(page).getByText('It is called Work <b>laptop</b> now.').waitFor();
  expect(await focused(page)).toBe('Rename Work <b>laptop</b>');
  await page.reload();
  await button(page, 'Passkeys').click();
  await button(page, 'Remove Work <b>laptop</b>').click();
  await dialog(page).getByText('You have none.').waitFor();
  expect(await focused(page)).toBe('Your passkeys');
  await page.keyboard.press('Escape');
  await expectHistory(page, context, 'passkey_removed', 'passkey_added', 'login');
}));

test('a button logs in without a password, in all tabs', () => withDemo(async ({ who, context, demo }) => {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  await withPasskey(page, who);
  const other = await demo(demoPage);
  await heading(other, who.email).waitFor();
  await logOut(page);
  await heading(other, 'Log in').waitFor();
  await button(page, 'Use a passkey').click();
  await Promise.all([page, other].map(each => heading(each, who.email).waitFor()));
  await expectHistory(page, context, 'login', 'logout');
}));

test('a step-up takes the password, too, and a cancelled one ends no session', () => withDemo(async ({ who, context, demo }) => {
  const page = await demo(demoPage);
  await logIn(page, who);
  await refuseExport(page);
  await button(page, 'Export my data').click();
  await dialog(page).waitFor();
  expect(await button(page, 'Use a passkey').count()).toBe(0);
  await page.keyboard.press('Escape');
  await alert(page, 'This needs a fresh confirmation that it\'s you.');
  expect(await focused(page)).toBe('Export my data');

  await refuseExport(page);
  await page.keyboard.press('Enter');
  await dialog(page).getByLabel('Password').fill('not the right one');
  await page.keyboard.press('Enter');
  await alert(page, 'The password is wrong.');
  await dialog(page).getByLabel('Password').fill(who.password);
  await page.keyboard.press('Enter');
  await page.getByText('Your data has been downloaded.').waitFor();
  await expectHistory(page, context, 'stepped_up');
}));

test('a passkey that was removed logs nobody in, and says so', () => withDemo(async ({ who, context, demo }) => {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  await withPasskey(page, who);
  await button(page, 'Passkeys').click();
  await button(page, 'Remove A laptop').click();
  await dialog(page).getByText('You have none.').waitFor();
  await button(page, 'Close').click();
  await logOut(page);
  const refused = page.waitForResponse('**/sessions/passkey');
  await button(page, 'Use a passkey').click();
  expect(await (await refused).json()).toMatchObject({ status: 401, code: 'passkey_unknown' });
  await alert(page, 'This passkey was removed from its account.');
  await heading(page, 'Log in').waitFor();
}));

test('a passkey of a secured account logs in again once its user keeps it', () => withDemo(async ({ who, context, demo, api }) => {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  await withPasskey(page, who);
  await logOut(page);
  const { account } = await api.login(who);
  const { accessToken } = await api.login(admin);
  await api.call('POST', `api/admin/accounts/${account.id}/secure`, { accessToken, body: { disable: true } });
  await api.call('PATCH', `api/admin/accounts/${account.id}`, { accessToken, body: { disabled: false } });

  await button(page, 'Use a passkey').click();
  await alert(page, 'Your account was secured. Log in with your password, and keep or remove this passkey.');
  await logIn(page, who);
  await button(page, 'Passkeys').click();
  await button(page, 'Keep A laptop').click();
  await dialog(page).getByText('A laptop is kept, and works again.').waitFor();
  expect([await button(page, 'Keep A laptop').count(), await focused(page)]).toEqual([0, 'Your passkeys']);
  await button(page, 'Close').click();
  await expectHistory(page, context, 'passkey_reviewed', 'login');
  await logOut(page);
  await button(page, 'Use a passkey').click();
  await heading(page, who.email).waitFor();
}));

test('each of two authenticators logs in, and only those that are left', () => withDemo(async ({ who, context, demo }) => {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  const laptop = await withPasskey(page, who);
  await laptop.answers(false);
  const key = await addAuthenticator(page, 'usb');
  await addPasskey(page, 'A security key');
  for (const authenticator of [laptop, key]) {
    await logOut(page);
    await laptop.answers(authenticator === laptop);
    await key.answers(authenticator === key);
    await button(page, 'Use a passkey').click();
    await heading(page, who.email).waitFor();
  }
  await expectHistory(page, context, 'login', 'logout', 'login', 'logout', 'passkey_added', 'passkey_added');
  await button(page, 'Passkeys').click();
  await expect.poll(() => dialog(page).getByRole('listitem').count()).toBe(2);
  await button(page, 'Remove A laptop').click();
  await dialog(page).getByText('A laptop is removed.').waitFor();
  await button(page, 'Close').click();
  await logOut(page);
  await button(page, 'Use a passkey').click();
  await heading(page, who.email).waitFor();
}));

test('an authenticator that doesn\'t recognize the user logs nobody in', () => withDemo(async ({ who, context, demo }) => {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  const authenticator = await withPasskey(page, who);
  await logOut(page);
  await authenticator.recognizes(false);
  const sent: string[] = [];
  page.on('request', request => sent.push(new URL(request.url()).pathname));
  await button(page, 'Use a passkey').click();
  await alert(page, 'No passkey was used.');
  expect(sent).not.toContain('/api/sessions/passkey');
  await authenticator.recognizes(true);
  await button(page, 'Use a passkey').click();
  await heading(page, who.email).waitFor();
}));

test('a browser without WebAuthn logs in with the password, and offers nothing else', () => withDemo(async ({ who, context, demo }) => {
  await context.addInitScript(() => Object.defineProperty(window, 'PublicKeyCredential', { value: undefined }));
  const page = await demo(demoPage);
  await heading(page, 'Log in').waitFor();
  expect(await button(page, 'Use a passkey').count()).toBe(0);
  await logIn(page, who);
  await button(page, 'Passkeys').click();
  await dialog(page).getByText('This browser can\'t create passkeys.').waitFor();
}));

test('the dialogs of passkeys are readable in light and dark colours, on wide and narrow screens', () => withDemo(async ({ who, demo }) => {
  const page = await demo(demoPage);
  // No colour transitions.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await addAuthenticator(page);
  await logIn(page, who);
  await addPasskey(page, 'A laptop with a rather long name, which needs more than a line');
  await button(page, 'Passkeys').click();
  await page.getByRole('button', { name: 'Rename A laptop' }).waitFor();
  await expectReadable(page, 'dialog-passkeys');
  await page.getByRole('button', { name: 'Rename A laptop' }).click();
  await expectReadable(page, 'dialog-passkeys-rename');
  await button(page, 'Cancel').click();
  await button(page, 'Close').click();
  await refuseExport(page);
  await button(page, 'Export my data').click();
  await button(page, 'Use a passkey').waitFor();
  await expectReadable(page, 'dialog-step-up');
}));
