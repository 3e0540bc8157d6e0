// Azurite, a mail inbox and, if asked for, Redis for dotnet dev.cs up: node emulators.mjs FIRST_PORT FOLDER table|all [redis]. Azurite's ports
// are blob, queue and table, in that order. The inbox takes the first free ports from 1025 (SMTP) and 1080 (its page) on, Redis from 6379
// on. FOLDER/emulators.json has the app's settings for all, and the page's address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const [port, folder, services, withRedis] = process.argv.splice(2);
// Public knowledge, the same in every emulator.
const account = 'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;'
  + 'AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;';
const storage = ['Blob', 'Queue', 'Table'].reduce(
  (all, service, at) => `${all}${service}Endpoint=http://127.0.0.1:${+port + at}/devstoreaccount1;`, account);
const inbox = await openInbox().catch(error => console.log(`There is no mail inbox: ${error.message}`));
const redis = withRedis ? await startRedis() : undefined;
writeFileSync(join(folder, 'emulators.json'), JSON.stringify({
  storage: { Storage__ConnectionString: storage, AzureWebJobsStorage: storage },
  mail: inbox ? {
    Email__SmtpHost: '127.0.0.1', Email__SmtpPort: inbox.smtp, Email__SmtpSecurity: 'None',
    Email__From: 'no-reply@example.com', Email__FromName: 'Serverless Sessions',
  } : {},
  redis: redis ? { Redis__ConnectionString: `127.0.0.1:${redis.port}` } : {},
  inbox: inbox && `http://localhost:${inbox.web}`,
}));

process.argv.push('--tablePort', `${+port + 2}`, '--location', folder, '--silent', '--disableTelemetry', '--skipApiVersionCheck');
if (services === 'all')
  process.argv.push('--blobPort', port, '--queuePort', `${+port + 1}`);

// Azurite saves its tables every 5 s and when told to end. The end of its input tells it, on every system and also when the program
// that started it is killed. It ignores a Ctrl+C in the terminal, because the app may still be writing.
const listenOnce = process.once;
process.once = (event, f) => event === 'SIGINT' ? process.on(event, () => {}) : listenOnce.call(process, event, f);
process.stdin.resume().on('end', () => {
  process.emit('message', 'shutdown');
  void inbox?.server.stop();
  redis?.process.kill();
  setTimeout(process.exit, 4000).unref();
});
await import(services === 'all' ? 'azurite/dist/src/azurite.js' : 'azurite/dist/src/table/main.js');

async function openInbox() {
  const { MailDev } = await import('maildev');
  const [smtp, web] = [await freeFrom(1025), await freeFrom(1080)];
  // Mails are kept beside the tables. They have links that log in, so nobody else on the network reads them.
  const server = new MailDev({
    smtp, web, ip: '127.0.0.1', webIp: '127.0.0.1', mailDirectory: join(folder, 'mail'), maxEmails: 1000, silent: true,
  });
  await server.start();
  return { server, smtp, web };
}

async function startRedis() {
  const port = await freeFrom(6379, 'Redis');
  const started = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'volatile-ttl'], { stdio: 'ignore' });
  await once(started, 'spawn').catch(() => {
    console.error('redis-server is not installed, and --redis needs it.');
    process.exit(1);
  });
  return { process: started, port };
}

async function freeFrom(first, what = 'the mail inbox') {
  for (let at = first; at < first + 50; at++) {
    const probe = createServer().listen(at, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(() => true, () => false);
    probe.close();
    if (isFree)
      return at;
    console.log(`Port ${at} is in use, so ${what} takes another one.`);
  }
  throw new Error(`no port from ${first} on is free`);
}
