// A service that knows an issuer and nothing else of it. For each token on a line of its input, it prints what it makes of it.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [issuer, audience, document] = process.argv.slice(2);
const response = await fetch(`${issuer}/.well-known/openid-configuration`);
const discovered = await response.json();
if (discovered.issuer !== issuer) throw new Error(`${issuer} says that it is ${discovered.issuer}`);

// Keeps the keys as long as it is told to.
const [, maxAge] = /max-age=(\d+)/.exec(response.headers.get('cache-control'));
const keys = createRemoteJWKSet(new URL(discovered.jwks_uri), { cacheMaxAge: maxAge * 1000 });
const algorithms = discovered.id_token_signing_alg_values_supported;

// The document's example of a fresh proof.
const [, example] = /^In Node[^]*?```ts\r?\n([^]*?)```/m.exec(await readFile(document, 'utf8'));
const refuse = new (async () => {}).constructor('token', 'response', 'jwtVerify', 'keys', 'issuer', 'audience', example);
const payments = createServer(async ({ headers }, response) => {
  await refuse(headers.authorization.split(' ')[1], response, jwtVerify, keys, issuer, audience);
  if (!response.writableEnded) response.writeHead(204).end();
}).listen(0, '127.0.0.1');

for await (const line of createInterface({ input: process.stdin })) {
  const [typ, token] = line.split(' ');
  if (typ === 'payment') {
    const paid = await fetch(`http://127.0.0.1:${payments.address().port}`, { headers: { authorization: `Bearer ${token}` } });
    console.log(JSON.stringify({ status: paid.status, challenge: paid.headers.get('www-authenticate'), body: await paid.text() }));
    continue;
  }
  // What RFC 9068 (2.2) requires of access tokens.
  const expected = typ === 'at+jwt' ? { audience, requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'] } : {};
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms, typ, ...expected });
    console.log(`good ${payload.sub ?? payload.sessions.length}`);
  } catch (error) {
    console.log(`bad ${error.code}`);
  }
}
