import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { root } from './project.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The compiler as a server: it starts once, and an evaluation then takes a fraction of a second. */
export class Bicep {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #received = Buffer.alloc(0);
  #id = 0;

  constructor() {
    const path = execFileSync('dotnet', ['msbuild', 'infra/bicep.proj', '-restore', '-nologo', '-t:Locate', '-getProperty:Bicep'], { cwd: root, encoding: 'utf8' }).trim();
    this.#process = spawn(path, ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout?.on('data', (data: Buffer) => this.#receive(data));
  }

  async call(method: string, params: object): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method: `bicep/${method}`, params });
    const answer = new Promise<Answer>(done => this.#waiting.set(this.#id, done));
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  stop(): void {
    this.#process.kill();
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n') + 4;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, end).toString())?.[1]);
      if (end < 4 || this.#received.length < end + length) return;
      const answer = JSON.parse(this.#received.subarray(end, end + length).toString()) as Answer;
      this.#received = this.#received.subarray(end + length);
      this.#waiting.get(answer.id)?.(answer);
    }
  }
}
