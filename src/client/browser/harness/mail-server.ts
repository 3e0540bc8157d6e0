import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailDev } from 'maildev';

/** A mail server and its inbox, as `dotnet dev.cs up` has it. */
export interface MailServer {
  /** What the app needs to send its mail here. */
  readonly settings: Readonly<Record<string, string>>;
  /** All mails as JSON. */
  readonly inbox: string;
  stop(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mail-'));
  const server = new MailDev({ smtp: 0, web: 0, ip: '127.0.0.1', webIp: '127.0.0.1', mailDirectory: folder, silent: true });
  const { smtp, api } = await server.start();
  return {
    settings: {
      Email__SmtpHost: '127.0.0.1',
      Email__SmtpPort: `${smtp.getPort()}`,
      Email__SmtpSecurity: 'None',
      Email__From: 'no-reply@example.com',
      Email__FromName: 'Example',
    },
    inbox: `http://127.0.0.1:${api!.getPort()}/api/email`,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
