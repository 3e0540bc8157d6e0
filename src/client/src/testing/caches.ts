/** Makes a response with properties that its constructor doesn't take. */
export function responseOf(kind: { readonly [K in 'redirected' | 'status' | 'type']?: Response[K] }, body = ''): Response {
  const response = new Response(body, { headers: { 'content-type': 'application/json' } });
  for (const [name, value] of Object.entries({ ...kind, ...kind.status === undefined ? {} : { ok: kind.status >= 200 && kind.status < 300 } }))
    Object.defineProperty(response, name, { value });
  response.clone = () => responseOf(kind, body);
  return response;
}

/** A CacheStorage in memory. A deleted cache still works for those who have it open. */
export class FakeCaches implements Pick<CacheStorage, 'delete' | 'has' | 'keys' | 'match' | 'open'> {
  readonly #caches = new Map<string, FakeCache>();
  fails = false;
  /** Whether lookups never answer. */
  hangs = false;

  /** The URLs in a cache; undefined without one. */
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
    const found = [...this.entries].find(([address]) => read(address) === read(urlOf(request)));
    return await Promise.resolve(found?.[1].clone());
  }

  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.entries.delete(urlOf(request));
    this.entries.set(urlOf(request), response);
    return await Promise.resolve();
  }

  async addAll(requests: RequestInfo[]): Promise<void> {
    if (new Set(requests.map(urlOf)).size < requests.length)
      throw new DOMException('Duplicate requests.', 'InvalidStateError');
    const responses = await Promise.all(requests.map(async each => {
      const request = new Request(each);
      const response = await fetch(request);
      if (!response.ok || response.status === 206 || response.redirected && request.redirect === 'error')
        throw new TypeError('Can\'t be cached.');
      return response;
    }));
    for (const [i, response] of responses.entries())
      await this.put(requests[i]!, response);
  }

  async keys(): Promise<Request[]> {
    return await Promise.resolve([...this.entries.keys()].map(address => new Request(address)));
  }

  async delete(request: RequestInfo | URL): Promise<boolean> {
    return await Promise.resolve(this.entries.delete(urlOf(request)));
  }
}

function urlOf(request: RequestInfo | URL): string {
  return request instanceof Request ? request.url : request.toString();
}
