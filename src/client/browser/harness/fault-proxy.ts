import { readFile } from 'node:fs/promises';
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inject } from 'vitest';
import { repository } from './processes.ts';

export interface ProxiedRequest {
  readonly line: string;
  /** Null until the service has responded. */
  status: number | null;
}

/** What happens to a response: it is cut off, delayed until a promise resolves, or replaced. */
export type Fault = 'cut' | Promise<void> | { readonly answer: object; readonly status?: number };

const html = '<!doctype html><title>Client</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script><body></body>';

/** Serves a page with the client, and proxies its API requests: records them and injects faults. */
export class FaultProxy {
  readonly requests: ProxiedRequest[] = [];
  isDown = false;
  readonly #server: Server;
  readonly #faults = new Map<string, Fault[]>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response).catch(() => response.destroy()));
  }

  static async open(port = 0): Promise<FaultProxy> {
    const proxy = new FaultProxy();
    await new Promise<void>(done => proxy.#server.listen(port, '127.0.0.1', done));
    return proxy;
  }

  get base(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Sets the faults of the next requests of a route, such as `POST sessions/refresh`. */
  failNext(line: string, ...faults: Fault[]): void {
    this.#faults.set(line, faults);
  }

  lines(): string[] {
    return this.requests.map(({ line }) => line);
  }

  count(line: string): number {
    return this.lines().filter(each => each === line).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.slice(1);
    if (path.startsWith('api/'))
      await this.#proxy(request, response, path.slice(4));
    else if (this.isDown)
      response.destroy();
    else if (path === '')
      response.setHeader('content-type', 'text/html').end(html);
    else
      response.setHeader('content-type', 'text/javascript')
        .end(await readFile(join(repository, 'src/client', fileOf(path.split('?')[0]!))));
  }

  async #proxy(request: IncomingMessage, response: ServerResponse, route: string): Promise<void> {
    const recorded: ProxiedRequest = { line: `${request.method} ${route}`, status: null };
    this.requests.push(recorded);
    const fault = this.#faults.get(recorded.line)?.shift();
    if (this.isDown) {
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
    recorded.status = answer.statusCode!;
    if (fault === 'cut') {
      // After the first bytes: a browser repeats a request by itself if a reused connection closes before them.
      response.writeHead(answer.statusCode!, answer.headers).write(Buffer.concat(text).subarray(0, 20), () => response.destroy());
    } else if (fault !== undefined && 'answer' in fault) {
      response.writeHead(fault.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(fault.answer));
    } else {
      await fault;
      response.writeHead(answer.statusCode!, answer.headers).end(Buffer.concat(text));
    }
  }
}

// The worker is workerReady at the root, for its scope.
function fileOf(path: string): string {
  return path === 'page.js' ? 'browser/harness/page.js' : path === 'session-sw.js' ? 'dist/service-worker/session-sw.js' : `dist/${path}`;
}
