// A browser with an authenticator: for each request on a line of its input, it prints what toJSON of the credential returns. It keeps its
// passkeys, and shares no code with the service.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createInterface } from 'node:readline';

const [origin] = process.argv.slice(2);
const passkeys = new Map();
const sha256 = data => createHash('sha256').update(data).digest();
const base64url = data => Buffer.from(data).toString('base64url');

// CBOR (RFC 8949) of integers, byte strings, texts and maps, which is all that is needed.
function cbor(value) {
  if (Number.isInteger(value)) return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

function head(major, length) {
  const type = major << 5;
  if (length < 24) return Buffer.of(type | length);
  if (length < 256) return Buffer.of(type | 24, length);
  return Buffer.of(type | 25, length >> 8, length & 255);
}

// Keys as COSE has them (RFC 9053): 1 is the type, 3 the algorithm, negative labels are parameters of the type.
const algorithms = {
  [-7]: {
    create: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }) => new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]),
    hash: 'sha256',
  },
  [-8]: {
    create: () => generateKeyPairSync('ed25519'),
    cose: ({ x }) => new Map([[1, 1], [3, -8], [-1, 6], [-2, Buffer.from(x, 'base64url')]]),
    hash: null,
  },
  [-257]: {
    create: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }) => new Map([[1, 3], [3, -257], [-1, Buffer.from(n, 'base64url')], [-2, Buffer.from(e, 'base64url')]]),
    hash: 'sha256',
  },
};

const clientData = (type, challenge) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

// User present and verified, not synced; with the counter, and the new credential if there is one.
function authenticatorData(rpId, count, credential = Buffer.alloc(0)) {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(count);
  return Buffer.concat([sha256(rpId), Buffer.of(0x05 | (credential.length > 0 ? 0x40 : 0)), counter, credential]);
}

const credentialJson = (id, response, clientExtensionResults) => ({
  id, rawId: id, type: 'public-key', authenticatorAttachment: 'cross-platform', clientExtensionResults, response,
});

function create(options, alg) {
  if (!options.pubKeyCredParams.some(each => each.type === 'public-key' && each.alg === alg)) throw new Error(`no ${alg} in the options`);
  const { privateKey, publicKey } = algorithms[alg].create();
  const id = randomBytes(32);
  const length = Buffer.of(id.length >> 8, id.length & 255);
  const attested = Buffer.concat([Buffer.alloc(16), length, id, cbor(algorithms[alg].cose(publicKey.export({ format: 'jwk' })))]);
  const data = authenticatorData(options.rp.id, 0, attested);
  passkeys.set(base64url(id), { alg, privateKey, rpId: options.rp.id, userHandle: options.user.id, count: 0 });
  return credentialJson(base64url(id), {
    clientDataJSON: base64url(clientData('webauthn.create', options.challenge)),
    attestationObject: base64url(cbor(new Map([['fmt', 'none'], ['attStmt', new Map()], ['authData', data]]))),
    authenticatorData: base64url(data),
    publicKey: base64url(publicKey.export({ format: 'der', type: 'spki' })),
    publicKeyAlgorithm: alg,
    transports: ['usb', 'nfc'],
  }, { credProps: { rk: true } });
}

function get(options) {
  const allowed = options.allowCredentials?.map(each => each.id) ?? [];
  const [id, passkey] = [...passkeys].reverse()
    .find(([known, { rpId }]) => rpId === options.rpId && (allowed.length === 0 || allowed.includes(known)));
  const data = authenticatorData(passkey.rpId, ++passkey.count);
  const client = clientData('webauthn.get', options.challenge);
  return credentialJson(id, {
    clientDataJSON: base64url(client),
    authenticatorData: base64url(data),
    signature: base64url(sign(algorithms[passkey.alg].hash, Buffer.concat([data, sha256(client)]), passkey.privateKey)),
    userHandle: passkey.userHandle,
  }, {});
}

for await (const line of createInterface({ input: process.stdin })) {
  const { options, alg } = JSON.parse(line);
  console.log(JSON.stringify(alg ? create(options, alg) : get(options)));
}
