import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** A child process, with its output. */
export class TestProcess {
  readonly #child: ChildProcess;
  readonly #isGroup: boolean;
  #output = '';

  /** @param isGroup Whether it ends with all that it has started. */
  constructor(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}, folder?: string, isGroup = false) {
    this.#child = spawn(program, args, { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup });
    this.#isGroup = isGroup;
    for (const output of [this.#child.stdout, this.#child.stderr])
      output?.on('data', (text: Buffer) => {
        this.#output += text.toString();
      });
    this.#child.on('error', error => {
      this.#output += error.message;
    });
  }

  /** Waits until a URL responds, with any status. */
  async answers(url: string, seconds = 60): Promise<void> {
    for (const end = Date.now() + seconds * 1000; ;) {
      if (await fetch(url).then(() => true, () => false))
        return;
      if (this.#child.exitCode !== null || Date.now() > end)
        throw new Error(`No response from ${url}:\n${this.#output}`);
      await delay(100);
    }
  }

  stop(): void {
    if (!this.#isGroup) {
      this.#child.kill('SIGKILL');
      return;
    }
    try {
      process.kill(-this.#child.pid!, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }
}

// Below the ports that systems give to whoever asks for any, and those of the other suites: hardly anything takes one before its use.
const [firstPort, portCount] = [12_000, 2_000];
let nextPort = Math.floor(Math.random() * portCount);

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portCount; tries++) {
    const port = firstPort + nextPort++ % portCount;
    const server = createServer();
    const isFree = await new Promise<boolean>(done => server.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true)));
    await new Promise(done => server.close(done));
    if (isFree)
      return port;
  }

  throw new Error('No port is free.');
}

export function delay(milliseconds: number): Promise<void> {
  return new Promise(done => setTimeout(done, milliseconds));
}

/** Waits until a condition holds; the error names it. */
export async function eventually(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !await holds(); await delay(100)) {
    if (Date.now() > end)
      throw new Error(`Not within ${seconds} s: ${what}`);
  }
}
