import { type ReactNode, useEffect, useState } from 'react';
import type { NotificationChoices, Notifications as Choices } from 'serverless-sessions-client';
import type { Push } from 'serverless-sessions-client/push';
import { useSession } from 'serverless-sessions-client/react';
import { ActionButton, messageOf } from './components.tsx';
import { ActionForm, Dialog } from './form.tsx';
import { push as starting } from './push.ts';

const ways = { push: 'On my devices', mail: 'By mail' };
const topics: Readonly<Record<keyof NotificationChoices, string>> = {
  newDevice: 'A login from a new device', newCountry: 'A login from a new country', impossibleTravel: 'Logins too far apart in too short a time',
  tokenReuse: 'A session that was copied',
};

/** A dialog with what the user is told of, and how. */
export function Notifications({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { accounts } = useSession();
  const [choices, setChoices] = useState<Choices | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [push, setPush] = useState<Push | null>(null);
  const [isSubscribed, setSubscribed] = useState(false);
  const [message, setMessage] = useState('');

  useEffect(() => {
    accounts.notifications().then(setChoices, (reason: unknown) => setError(messageOf(reason)));
    void starting.then(async started => {
      setPush(started);
      setSubscribed(await started?.isSubscribed().catch(() => false) ?? false);
    });
  }, [accounts]);

  async function change(work: Promise<void>, subscribes: boolean): Promise<void> {
    await work;
    setSubscribed(subscribes);
    setMessage(subscribes ? 'This browser shows notifications from now on.' : 'This browser shows no notifications any more.');
  }

  return <Dialog title="Notifications" onClose={onClose}>{close => <>
    <p>You are always notified of changes to your password, email and passkeys.</p>
    {error !== null && <p role="alert" className="problem">{error}</p>}
    {push?.isSupported ? <div className="actions">
      {isSubscribed ? <ActionButton action={() => change(push.unsubscribe(), false)}>Turn off in this browser</ActionButton>
        : <ActionButton action={() => change(push.subscribe(), true)}>Turn on in this browser</ActionButton>}
    </div> : <p className="hint">This browser can't receive push messages.</p>}
    {choices && <ActionForm submit="Save" action={async values => {
      const chosen = (way: keyof Choices): NotificationChoices =>
        Object.fromEntries(Object.keys(topics).map(topic => [topic, `${way}-${topic}` in values])) as unknown as NotificationChoices;
      setChoices(await accounts.setNotifications({ mail: chosen('mail'), push: chosen('push') }));
      setMessage('Saved.');
    }}>
      {(['push', 'mail'] as const).map(way => <fieldset key={way}>
        <legend>{ways[way]}</legend>
        {(Object.keys(topics) as (keyof NotificationChoices)[]).map(topic => <label key={topic} className="check">
          <input type="checkbox" name={`${way}-${topic}`} defaultChecked={choices[way][topic]} />{topics[topic]}
        </label>)}
      </fieldset>)}
    </ActionForm>}
    <p aria-live="polite" className="done">{message}</p>
    <div className="actions"><button type="button" onClick={close}>Close</button></div>
  </>}</Dialog>;
}
