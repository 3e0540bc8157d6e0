import { type ReactNode, useRef } from 'react';
import type { Device, LogPage } from 'serverless-sessions-client';
import { useSession } from 'serverless-sessions-client/react';
import { ActionButton, placeOf, PolledTable, Time } from './components.tsx';
import { actionOf } from './labels.ts';
import { usePolling } from './use-polling.ts';

export function Devices(): ReactNode {
  const { revoke } = useSession();
  const polling = usePolling<{ sessions: readonly Device[] }>('sessions/my-sessions', 2000);
  const table = useRef<HTMLDivElement>(null);
  async function end(id: string): Promise<void> {
    await revoke(id);
    // The row with the focused button is removed.
    table.current?.focus();
    polling.reload();
  }
  return <PolledTable
    label="Devices" caption="Where you are logged in" columns={['Device', <span className="unseen">Action</span>, 'Online', 'Address', 'Location', 'Last used']} polling={polling} ref={table}
    rows={({ sessions }) => sessions.map(({ id, device, ipAddress, location, lastActivityAt, online, current }) => <tr key={id}>
      <th scope="row">{device ?? 'unknown'}{current && <b> (this one)</b>}</th>
      <td><ActionButton action={() => end(id)} className="danger" label={current ? 'End this session' : `End the session of ${device ?? 'unknown'}`}>End</ActionButton></td>
      <td>{online ? <span className="good">online</span> : 'no'}</td>
      <td>{ipAddress}</td>
      <td>{placeOf(location) || 'unknown'}</td>
      <td><Time at={lastActivityAt} /></td>
    </tr>)} />;
}

export function Logs(): ReactNode {
  return <PolledTable
    label="History" caption="History, newest first" columns={['Event', 'When', 'Device', 'Address', 'Location']} polling={usePolling<LogPage>('sessions/my-session-logs?limit=10', 2000)}
    rows={({ logs }) => logs.map(({ id, action, success, createdAt, device, ipAddress, location }) => <tr key={id}>
      <th scope="row">{actionOf(action)}{!success && ' (refused)'}</th>
      <td><Time at={createdAt} /></td>
      <td>{device ?? ''}</td>
      <td>{ipAddress ?? ''}</td>
      <td>{placeOf(location)}</td>
    </tr>)} />;
}
