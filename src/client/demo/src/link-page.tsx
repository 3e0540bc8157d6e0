import { type ReactNode, useState } from 'react';
import { SessionError } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { Page, useHeadingFocus } from './components.tsx';
import { ActionForm, PasswordField, type Values } from './form.tsx';
import type { MailLink } from './links.ts';
import { AskForMail } from './welcome.tsx';

const pages = {
  verify: { title: 'Confirm your email', submit: 'Confirm', done: 'Your email is confirmed', text: 'Log in with it.' },
  revert: {
    title: 'Take back your account', submit: 'Take back', done: 'Your account has its email back',
    text: 'All sessions have ended, and the password is gone. A second mail has a link to set a new one.',
  },
  reset: { title: 'Set a new password', submit: 'Set password', done: 'Your password is changed', text: 'All sessions have ended. Log in with the new password.' },
};

/** The page that the link of a mail opens. It waits for a click: mail scanners open links, too. */
export function LinkPage({ link: { action, token }, leave }: { readonly link: MailLink; readonly leave: () => void }): ReactNode {
  const { accounts } = useSession();
  const [state, setState] = useState<'open' | 'void' | 'lost' | 'done'>('open');
  const { title, submit, done, text } = pages[action];
  useHeadingFocus(state);

  async function use({ password = '' }: Values): Promise<void> {
    try {
      await (action === 'reset' ? accounts.resetPassword({ token, password }) : accounts.verifyEmail({ token }));
      setState('done');
    } catch (error) {
      if (!(error instanceof SessionError && error.code === 'token_invalid'))
        throw error;
      setState('void');
    }
  }

  switch (state) {
    case 'open': return <Page title={title} back={leave}>
      <ActionForm submit={submit} action={use}>
        {action === 'verify' && <p>Confirm that this address is yours, and that your account should have it.</p>}
        {action === 'revert' && <p>Your account returns to this address. Whoever changed it is logged out.</p>}
        {action === 'reset' && <PasswordField label="New password" isNew />}
      </ActionForm>
    </Page>;
    case 'void': return <Page title="This link no longer works" back={leave}>
      <p>It was used, replaced by a newer one, or has expired.</p>
      {action !== 'revert' && <button type="button" className="primary" onClick={() => setState('lost')}>Get a new link</button>}
    </Page>;
    case 'lost': return <AskForMail what={action === 'verify' ? 'verification' : 'forgot'} back={leave} />;
    case 'done': return <Page title={done}>
      <p>{text}</p>
      <button type="button" className="primary" onClick={leave}>Continue</button>
    </Page>;
  }
}
