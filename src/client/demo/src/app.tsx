import { Fragment, type ReactNode, useEffect, useRef } from 'react';
import { useSession } from 'serverless-sessions-client/react';
import { Chat } from './chat.tsx';
import { Devices, Logs } from './devices.tsx';
import type { Journal } from './journal.ts';
import { Login } from './login.tsx';
import { Status } from './status.tsx';
import { Told } from './told.tsx';

export function App({ journal }: { readonly journal: Journal }): ReactNode {
  const { status, account, isOnline } = useSession();
  const who = status === 'active' ? account?.id : undefined;
  const shown = useRef(who);
  useEffect(() => {
    // What had the focus is gone: whoever reads goes on from the top.
    if (shown.current !== who)
      document.querySelector('h1')?.focus();
    shown.current = who;
  }, [who]);
  return <>
    <header>
      <p className="name">Session demo</p>
      <p className="who">
        {!isOnline && <span className="offline">Offline</span>}
        <a href={location.href} target="_blank" rel="noopener">Open another tab</a>
      </p>
    </header>
    <main>
      {status !== 'active' ? <Login /> : <Fragment key={who}>
        <h1 tabIndex={-1}>{account?.email}</h1>
        <div className="columns">
          <div><Status /><Told journal={journal} /></div>
          <div><Chat /></div>
        </div>
        <Devices />
        <Logs />
        <Ideas />
      </Fragment>}
      {status !== 'active' && journal.entries.length > 0 && <Told journal={journal} />}
    </main>
  </>;
}

function Ideas(): ReactNode {
  return <section aria-labelledby="ideas">
    <h2 id="ideas">Things to try</h2>
    <ul className="ideas">
      <li>Open another tab, and log out in one of them.</li>
      <li>Renew the tokens, and see who is told.</li>
      <li>Stop the app, renew the tokens, look at the sign at the bottom right; start it again.</li>
      <li>Switch the network off, and reload the page: it opens with what it knew last.</li>
      <li>Log out without network, close the page, come back with it: the service hears of it then.</li>
      <li>Log in from a private window as somebody else, by the link of the chat, and write to each other.</li>
    </ul>
  </section>;
}
