import { type ReactNode, useRef } from 'react';
import type { Device, LogPage } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { Act, Freshness, Time } from './parts.tsx';
import { usePolled } from './polled.ts';

export function Devices(): ReactNode {
  const { revoke } = useSession();
  const polled = usePolled<{ sessions: readonly Device[] }>('sessions/my-sessions', 2000);
  const table = useRef<HTMLDivElement>(null);
  async function end(id: string): Promise<void> {
    await revoke(id);
    // The button goes with its row.
    table.current?.focus();
    polled.reload();
  }
  return <section>
    <div ref={table} className="table" role="region" aria-label="Devices" tabIndex={0}>
      <table>
        <caption>Where you are logged in</caption>
        <thead><tr><th scope="col">Device</th><th scope="col"><span className="unseen">End it</span></th><th scope="col">Online</th><th scope="col">Address</th><th scope="col">Last used</th></tr></thead>
        <tbody>
          {polled.data?.sessions.map(({ id, device, ipAddress, lastActivityAt, online, current }) => <tr key={id}>
            <th scope="row">{device ?? 'unknown'}{current && <b> (this one)</b>}</th>
            <td><Act act={() => end(id)} kind="danger" label={current ? 'End this session' : `End the session of ${device ?? 'unknown'}`}>End</Act></td>
            <td>{online ? <span className="good">online</span> : 'no'}</td>
            <td>{ipAddress}</td>
            <td><Time at={lastActivityAt} /></td>
          </tr>)}
        </tbody>
      </table>
      <Freshness of={polled} />
    </div>
  </section>;
}

export function Logs(): ReactNode {
  const polled = usePolled<LogPage>('sessions/my-session-logs?limit=10', 2000);
  return <section>
    <div className="table" role="region" aria-label="History" tabIndex={0}>
      <table>
        <caption>What happened, newest first</caption>
        <thead><tr><th scope="col">What</th><th scope="col">When</th><th scope="col">Device</th><th scope="col">Address</th></tr></thead>
        <tbody>
          {polled.data?.logs.map(({ id, action, success, createdAt, device, ipAddress }) => <tr key={id}>
            <th scope="row">{action}{!success && ' (refused)'}</th>
            <td><Time at={createdAt} /></td>
            <td>{device ?? ''}</td>
            <td>{ipAddress ?? ''}</td>
          </tr>)}
        </tbody>
      </table>
      <Freshness of={polled} />
    </div>
  </section>;
}
