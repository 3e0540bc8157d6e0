import type { Page } from 'playwright-core';
import { expectReadable, heading } from './demo.ts';
import { eventually } from './processes.ts';

/** Waits for a mail, and shows it in light and dark colours on a phone. */
export async function readMail(page: Page, inbox: string, to: string, subject: string): Promise<void> {
  let html = '';
  await eventually(`"${subject}" to ${to}`, async () => {
    const mails = await (await fetch(inbox)).json() as { subject: string; html: string; to: { address: string }[] }[];
    html = mails.find(mail => mail.subject === subject && mail.to[0]?.address === to)?.html ?? '';
    return html !== '';
  });
  // Not in the demo, whose policy would apply.
  await page.goto('about:blank');
  await page.setContent(html);
  await heading(page, subject).waitFor();
  await expectReadable(page, `mail-${subject.toLowerCase().replaceAll(' ', '-')}`, [390]);
}

/** Follows a link of the mail that is shown, to a page. */
export async function follow(page: Page, target: string, link: string): Promise<void> {
  await page.getByRole('link', { name: link, exact: true }).click();
  await page.waitForURL(url => url.href.startsWith(target));
}
