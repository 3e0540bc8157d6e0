import { Fragment, type ReactNode } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { Account } from './account.tsx';
import { addresses, chooseAddress, currentAddress } from './address.ts';
import { Chat } from './chat.tsx';
import { useHeadingFocus } from './components.tsx';
import { Devices, Logs } from './devices.tsx';
import { Events, useEvents } from './events.tsx';
import { LinkPage } from './link-page.tsx';
import { useLink } from './links.ts';
import { NotMe } from './not-me.tsx';
import { Status } from './status.tsx';
import { StepUp } from './step-up.tsx';
import { Welcome } from './welcome.tsx';

export function App(): ReactNode {
  const events = useEvents();
  const { status, account, isOnline } = useSession();
  const userId = status === 'active' ? account?.id : undefined;
  const [link, leaveLink] = useLink();
  useHeadingFocus(link?.token ?? userId);
  return <>
    <header>
      <p className="name">Session demo</p>
      <p className="who">
        {!isOnline && <span className="offline">Offline</span>}
        <label>Pretend to be in <select defaultValue={currentAddress()} onChange={event => chooseAddress(event.currentTarget.value)}>
          {Object.entries(addresses).map(([address, country]) => <option key={address} value={address}>{country}</option>)}
        </select></label>
        <a href={location.href} target="_blank" rel="noopener">Open another tab</a>
      </p>
    </header>
    <main>
      {link && link.action !== 'not-me' ? <LinkPage key={link.token} link={link} leave={leaveLink} /> : status !== 'active' ? <Welcome />
        : link ? <NotMe key={link.token} sessionId={link.token} leave={leaveLink} /> : <Fragment key={userId}>
        <h1 tabIndex={-1}>{account?.email}</h1>
        <div className="columns">
          <div><Status /><Account /><Events entries={events} /></div>
          <div><Chat /></div>
        </div>
        <Devices />
        <Logs />
        <Ideas />
        <StepUp />
      </Fragment>}
      {(link || status !== 'active') && events.length > 0 && <Events entries={events} />}
    </main>
  </>;
}

function Ideas(): ReactNode {
  return <section aria-labelledby="ideas">
    <h2 id="ideas">Things to try</h2>
    <ul className="ideas">
      <li>Open another tab and log out in one of them.</li>
      <li>Refresh the tokens and watch the events in both tabs.</li>
      <li>Pretend to be in another country, refresh the tokens, and read the notice.</li>
      <li>Log in with a wrong password more than ten times: within five minutes the dashboard flags the address.</li>
      <li>Stop the app, refresh the tokens and look at the bottom right. Start the app again.</li>
      <li>Go offline and reload the page: it opens with the last known data.</li>
      <li>Log out offline, close the page, and open it online: the logout is delivered then.</li>
      <li>Create an account with a passkey, and use all of this without a password.</li>
      <li>Turn on notifications, log in with another browser, and answer “Not me”.</li>
      <li>Change your email, and take the change back with the link in the old mailbox.</li>
      <li>Open your chat link in a private window, log in as another user, and chat.</li>
    </ul>
  </section>;
}
