import { createHmac } from 'node:crypto';

// The emulator's well-known account.
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** The app's tables, to write rows of the past. */
export class Storage {
  readonly #endpoint: string;

  constructor(port: number) {
    this.#endpoint = `http://127.0.0.1:${port}/${account}`;
  }

  get connectionString(): string {
    return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};TableEndpoint=${this.#endpoint};`;
  }

  /** Inserts a row. Numbers are doubles if their name ends in Seconds, else integers. */
  async insert(table: string, row: Readonly<Record<string, string | number | Date>>): Promise<void> {
    const date = new Date().toUTCString();
    // Shared Key Lite; the emulator's resource path has the account twice.
    const signed = createHmac('sha256', Buffer.from(key, 'base64')).update(`${date}\n/${account}/${account}/${table}`).digest('base64');
    const answer = await fetch(`${this.#endpoint}/${table}`, {
      method: 'POST',
      headers: {
        'authorization': `SharedKeyLite ${account}:${signed}`,
        'x-ms-date': date,
        'x-ms-version': '2019-02-02',
        'accept': 'application/json;odata=nometadata',
        'prefer': 'return-no-content',
        'content-type': 'application/json',
      },
      body: JSON.stringify(Object.fromEntries(Object.entries(row).flatMap(([name, value]) =>
        value instanceof Date ? [[name, value.toISOString()], [`${name}@odata.type`, 'Edm.DateTime']]
        : typeof value === 'number' && name.endsWith('Seconds') ? [[name, value], [`${name}@odata.type`, 'Edm.Double']]
        : [[name, value]]))),
    });
    if (!answer.ok)
      throw new Error(`${table} takes no row: ${answer.status} ${await answer.text()}`);
  }
}
