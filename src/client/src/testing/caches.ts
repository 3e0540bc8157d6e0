/** Takes an answer for one of a kind that nobody can make. */
export function as(kind: { readonly [K in 'redirected' | 'status' | 'type']?: Response[K] }, body = ''): Response {
  const response = new Response(body, { headers: { 'content-type': 'application/json' } });
  for (const [name, value] of Object.entries({ ...kind, ...kind.status === undefined ? {} : { ok: kind.status >= 200 && kind.status < 300 } }))
    Object.defineProperty(response, name, { value });
  response.clone = () => as(kind, body);
  return response;
}

/** As the browser's, as far as it is used: a cache that was deleted goes on for those who have it open, and nobody else. */
export class FakeCaches implements Pick<CacheStorage, 'delete' | 'has' | 'keys' | 'match' | 'open'> {
  readonly #caches = new Map<string, FakeCache>();
  fails = false;
  /** Nothing of it is ever answered. */
  hangs = false;

  /** The addresses that a cache has; undefined where there is none. */
  contents(name: string): string[] | undefined {
    const cache = this.#caches.get(name);
    return cache && [...cache.entries.keys()];
  }

  async open(name: string): Promise<Cache> {
    this.#check();
    const cache = this.#caches.get(name) ?? new FakeCache();
    this.#caches.set(name, cache);
    return await Promise.resolve(cache as unknown as Cache);
  }

  async has(name: string): Promise<boolean> {
    this.#check();
    return await Promise.resolve(this.#caches.has(name));
  }

  async keys(): Promise<string[]> {
    this.#check();
    return await Promise.resolve([...this.#caches.keys()]);
  }

  async delete(name: string): Promise<boolean> {
    this.#check();
    return await Promise.resolve(this.#caches.delete(name));
  }

  async match(request: RequestInfo | URL, { cacheName = '', ...options }: MultiCacheQueryOptions = {}): Promise<Response | undefined> {
    this.#check();
    if (this.hangs)
      return await new Promise(() => {});
    return await this.#caches.get(cacheName)?.match(request, options);
  }

  #check(): void {
    if (this.fails)
      throw new DOMException('The disk is full.', 'QuotaExceededError');
  }
}

class FakeCache {
  readonly entries = new Map<string, Response>();

  async match(request: RequestInfo | URL, { ignoreSearch = false }: CacheQueryOptions = {}): Promise<Response | undefined> {
    const read = (address: string): string => ignoreSearch ? address.replace(/\?.*/, '') : address;
    const found = [...this.entries].find(([address]) => read(address) === read(addressOf(request)));
    return await Promise.resolve(found?.[1].clone());
  }

  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.entries.delete(addressOf(request));
    this.entries.set(addressOf(request), response);
    return await Promise.resolve();
  }

  async addAll(requests: RequestInfo[]): Promise<void> {
    if (new Set(requests.map(addressOf)).size < requests.length)
      throw new DOMException('There are two of one.', 'InvalidStateError');
    const responses = await Promise.all(requests.map(async each => {
      const request = new Request(each);
      const response = await fetch(request);
      if (!response.ok || response.status === 206 || response.redirected && request.redirect === 'error')
        throw new TypeError('That can\'t be kept.');
      return response;
    }));
    for (const [i, response] of responses.entries())
      await this.put(requests[i]!, response);
  }

  async keys(): Promise<Request[]> {
    return await Promise.resolve([...this.entries.keys()].map(address => new Request(address)));
  }

  async delete(request: RequestInfo | URL): Promise<boolean> {
    return await Promise.resolve(this.entries.delete(addressOf(request)));
  }
}

function addressOf(request: RequestInfo | URL): string {
  return request instanceof Request ? request.url : request.toString();
}
