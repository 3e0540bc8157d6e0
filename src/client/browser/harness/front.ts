import { readFile } from 'node:fs/promises';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inject } from 'vitest';
import { repository } from '../../../dashboard/browser/harness/processes.ts';

export interface Passed {
  readonly line: string;
  /** What the service answered; null while it hasn't. */
  status: number | null;
}

/** What happens to an answer of the service: its connection is cut in the middle, it is held until somebody lets it go, or it is another. */
export type Trouble = 'cut' | Promise<void> | { readonly answer: object; readonly status?: number };

const html = '<!doctype html><title>Client</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script><body></body>';

/** Serves a page with the client, and passes its requests on to the app: it counts them, and does them harm. */
export class Front {
  readonly passed: Passed[] = [];
  isAway = false;
  readonly #server: Server;
  readonly #troubles = new Map<string, Trouble[]>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response).catch(() => response.destroy()));
  }

  static async open(port = 0): Promise<Front> {
    const front = new Front();
    await new Promise<void>(done => front.#server.listen(port, '127.0.0.1', done));
    return front;
  }

  get base(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** What happens to the next requests of a route, such as `POST sessions/refresh`. */
  trouble(line: string, ...troubles: Trouble[]): void {
    this.#troubles.set(line, troubles);
  }

  lines(): string[] {
    return this.passed.map(({ line }) => line);
  }

  count(line: string): number {
    return this.lines().filter(passed => passed === line).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.slice(1);
    if (path.startsWith('api/'))
      await this.#pass(request, response, path.slice(4));
    else if (this.isAway)
      response.destroy();
    else if (path === '')
      response.setHeader('content-type', 'text/html').end(html);
    else
      response.setHeader('content-type', 'text/javascript')
        .end(await readFile(join(repository, 'src/client', path === 'page.js' ? 'browser/harness/page.js' : `dist/${path.split('?')[0]}`)));
  }

  async #pass(request: IncomingMessage, response: ServerResponse, route: string): Promise<void> {
    const passed: Passed = { line: `${request.method} ${route}`, status: null };
    this.passed.push(passed);
    const trouble = this.#troubles.get(passed.line)?.shift();
    if (this.isAway) {
      response.destroy();
      return;
    }
    const body: Buffer[] = [];
    for await (const part of request)
      body.push(part as Buffer);
    const answer = await new Promise<IncomingMessage>((done, failed) => {
      send(inject('base') + `api/${route}`, { method: request.method!, headers: request.headers }, done).on('error', failed).end(Buffer.concat(body));
    });
    const text: Buffer[] = [];
    for await (const part of answer)
      text.push(part as Buffer);
    passed.status = answer.statusCode!;
    if (trouble === 'cut') {
      // Not before its beginning: a browser repeats a request by itself when a connection that it used before is closed without one.
      response.writeHead(answer.statusCode!, answer.headers).write(Buffer.concat(text).subarray(0, 20), () => response.destroy());
    } else if (trouble !== undefined && 'answer' in trouble) {
      response.writeHead(trouble.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(trouble.answer));
    } else {
      await trouble;
      response.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(text));
    }
  }
}
