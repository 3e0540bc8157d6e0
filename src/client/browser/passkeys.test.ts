import { expect, test } from 'vitest';
import { button, dialog, heading, logIn, withDemo } from './harness/demo.ts';
import { alert, demoPage, expectHistory, focused, logOut, logOutToAutofill, refuseExport, withoutAutofill, withPasskey } from './harness/passkeys.ts';

test('autofill logs in without a password, with options that were renewed, and blocks no form', () => withDemo(async ({ who, context, demo }) => {
  const page = await demo(demoPage);
  const authenticator = await withPasskey(page, who);
  await authenticator.answers(false);
  await logOutToAutofill(page);
  expect(await page.getByLabel('Email').getAttribute('autocomplete')).toBe('username webauthn');
  await logIn(page, who);
  await logOutToAutofill(page);
  // It is asked again when the options are renewed.
  await authenticator.answers(true);
  await context.clock.fastForward(5 * 60_000);
  await heading(page, who.email).waitFor();
  await expectHistory(page, context, 'login', 'logout', 'login', 'logout', 'passkey_added', 'login');
  await button(page, 'Passkeys').click();
  await dialog(page).getByText('last used').waitFor();
}));

test('a request that needs a fresh proof asks for a passkey, and is repeated', () => withDemo(async ({ who, context, demo }) => {
  const page = await demo(demoPage);
  await withPasskey(page, who);
  await refuseExport(page);
  await button(page, 'Export my data').click();
  await page.getByRole('dialog', { name: 'Confirm that it\'s you' }).waitFor();
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('password');
  const proved = page.waitForResponse('**/sessions/step-up');
  const download = page.waitForEvent('download');
  await button(page, 'Use a passkey').click();
  const answer = await (await proved).json() as { accessToken: string; methods: string[] };
  expect(answer.methods).toContain('mfa');
  const claims = JSON.parse(Buffer.from(answer.accessToken.split('.')[1]!, 'base64url').toString()) as { amr: string[]; auth_time: number };
  expect(claims.amr).toEqual(answer.methods);
  expect(Math.abs(claims.auth_time - Date.now() / 1000)).toBeLessThan(60);
  await download;
  await page.getByText('Your data has been downloaded.').waitFor();
  expect(await focused(page)).toBe('Export my data');
  await expectHistory(page, context, 'stepped_up', 'passkey_added', 'login');
}));

test('a passkey whose counter went back is refused, and its owner is told', () => withDemo(async ({ who, context, demo }) => {
  await withoutAutofill(context);
  const page = await demo(demoPage);
  const authenticator = await withPasskey(page, who);
  // A copy that was used counts on.
  await authenticator.setCounter(100);
  await logOut(page);
  await button(page, 'Use a passkey').click();
  await heading(page, who.email).waitFor();
  await authenticator.setCounter(1);
  await logOut(page);
  const refused = page.waitForResponse('**/sessions/passkey');
  await button(page, 'Use a passkey').click();
  expect(await (await refused).json()).toMatchObject({ status: 401, code: 'passkey_cloned' });
  await alert(page, 'This passkey may have been copied.');
  await logIn(page, who);
  await expectHistory(page, context, 'login', 'passkey_cloned (refused)', 'logout', 'login', 'logout');
}));
