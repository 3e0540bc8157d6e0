import { type ReactNode, useRef } from 'react';
import type { Device, LogPage } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { ActionButton, Freshness, Time } from './components.tsx';
import { usePolling } from './use-polling.ts';

export function Devices(): ReactNode {
  const { revoke } = useSession();
  const polling = usePolling<{ sessions: readonly Device[] }>('sessions/my-sessions', 2000);
  const table = useRef<HTMLDivElement>(null);
  async function end(id: string): Promise<void> {
    await revoke(id);
    // The row with the focused button goes.
    table.current?.focus();
    polling.reload();
  }
  return <section>
    <div ref={table} className="table" role="region" aria-label="Devices" tabIndex={0}>
      <table>
        <caption>Where you are logged in</caption>
        <thead><tr><th scope="col">Device</th><th scope="col"><span className="unseen">Action</span></th><th scope="col">Online</th><th scope="col">Address</th><th scope="col">Last used</th></tr></thead>
        <tbody>
          {polling.data?.sessions.map(({ id, device, ipAddress, lastActivityAt, online, current }) => <tr key={id}>
            <th scope="row">{device ?? 'unknown'}{current && <b> (this one)</b>}</th>
            <td><ActionButton action={() => end(id)} className="danger" label={current ? 'End this session' : `End the session of ${device ?? 'unknown'}`}>End</ActionButton></td>
            <td>{online ? <span className="good">online</span> : 'no'}</td>
            <td>{ipAddress}</td>
            <td><Time at={lastActivityAt} /></td>
          </tr>)}
        </tbody>
      </table>
      <Freshness of={polling} />
    </div>
  </section>;
}

export function Logs(): ReactNode {
  const polling = usePolling<LogPage>('sessions/my-session-logs?limit=10', 2000);
  return <section>
    <div className="table" role="region" aria-label="History" tabIndex={0}>
      <table>
        <caption>History, newest first</caption>
        <thead><tr><th scope="col">Event</th><th scope="col">When</th><th scope="col">Device</th><th scope="col">Address</th></tr></thead>
        <tbody>
          {polling.data?.logs.map(({ id, action, success, createdAt, device, ipAddress }) => <tr key={id}>
            <th scope="row">{action}{!success && ' (refused)'}</th>
            <td><Time at={createdAt} /></td>
            <td>{device ?? ''}</td>
            <td>{ipAddress ?? ''}</td>
          </tr>)}
        </tbody>
      </table>
      <Freshness of={polling} />
    </div>
  </section>;
}
