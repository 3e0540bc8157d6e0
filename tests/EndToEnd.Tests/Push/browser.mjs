// A browser with a push subscription, by another implementation. It prints its keys, and for each request on a line of its input
// whose it is and what it says.
import { createECDH, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import ece from 'http_ece';
import { importJWK, jwtVerify } from 'jose';

const keys = createECDH('prime256v1');
const auth = randomBytes(16).toString('base64url');
console.log(JSON.stringify({ p256dh: keys.generateKeys('base64url'), auth }));

for await (const line of createInterface({ input: process.stdin })) {
  const { authorization, audience, body } = JSON.parse(line);
  const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization);
  const point = Buffer.from(key, 'base64url');
  const coordinates = { x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const signer = await importJWK({ kty: 'EC', crv: 'P-256', ...coordinates }, 'ES256');
  const { payload } = await jwtVerify(token, signer, { audience, algorithms: ['ES256'], requiredClaims: ['exp'] });
  const message = ece.decrypt(Buffer.from(body, 'base64'), { version: 'aes128gcm', privateKey: keys, authSecret: auth });
  console.log(JSON.stringify({ key, subject: payload.sub, message: message.toString('utf8') }));
}
