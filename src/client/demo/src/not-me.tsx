import { type ReactNode, useEffect, useState } from 'react';
import { SessionError } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { messageOf, Page, useHeadingFocus } from './components.tsx';
import { ActionForm, PasswordField } from './form.tsx';
import { passkeys } from './session.ts';

/** What "Not me" in a notification opens: ends the session at once, then offers to change the password, if there is one. */
export function NotMe({ sessionId, leave }: { readonly sessionId: string; readonly leave: () => void }): ReactNode {
  const { accounts, revoke } = useSession();
  const [state, setState] = useState<'ending' | 'ended' | 'unknown' | 'changed'>('ending');
  const [hasPassword, setHasPassword] = useState(true);
  const [error, setError] = useState<string | null>(null);
  useHeadingFocus(state);

  async function end(): Promise<void> {
    setError(null);
    const isKnown = await revoke(sessionId).then(() => true, (reason: unknown) => {
      if (!(reason instanceof SessionError && reason.code === 'not_found'))
        throw reason;
      return false;
    });
    setHasPassword(await passkeys.stepUpMethods().then(({ password }) => password, () => true));
    setState(isKnown ? 'ended' : 'unknown');
  }

  useEffect(() => void end().catch((reason: unknown) => setError(messageOf(reason))), []);

  switch (state) {
    case 'ending': return <Page title="Ending that session" back={leave}>
      {error !== null && <>
        <p role="alert" className="problem">It couldn't be ended: {error}</p>
        <button type="button" className="primary" onClick={() => void end().catch((reason: unknown) => setError(messageOf(reason)))}>Try again</button>
      </>}
    </Page>;
    case 'ended': return hasPassword ? <Page title="That session has ended" back={leave}>
      <p>Whoever used it may know your password. Change it: your other sessions end then, too.</p>
      <ActionForm submit="Change password" action={async ({ currentPassword = '', newPassword = '' }) => {
        await accounts.changePassword({ currentPassword, newPassword });
        setState('changed');
      }}>
        <PasswordField label="Current password" name="currentPassword" />
        <PasswordField label="New password" name="newPassword" isNew />
      </ActionForm>
    </Page> : <Page title="That session has ended">
      <p>Whoever used it has one of your passkeys, or added one. Look through them, and remove those that you don't know.</p>
      <button type="button" className="primary" onClick={leave}>Continue</button>
    </Page>;
    case 'unknown': return <Page title="This account has no such session">
      <p>It ended earlier, or belongs to another account. If somebody else used it, change your password.</p>
      <button type="button" className="primary" onClick={leave}>Continue</button>
    </Page>;
    case 'changed': return <Page title="Your password is changed">
      <p>Your other sessions have ended.</p>
      <button type="button" className="primary" onClick={leave}>Continue</button>
    </Page>;
  }
}
