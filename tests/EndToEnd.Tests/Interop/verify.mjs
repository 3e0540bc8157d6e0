// A service that knows an issuer and nothing else of it. For each token on a line of its input, it prints what it makes of it.
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [issuer, audience] = process.argv.slice(2);
const response = await fetch(`${issuer}/.well-known/openid-configuration`);
const discovered = await response.json();
if (discovered.issuer !== issuer) throw new Error(`${issuer} says that it is ${discovered.issuer}`);

// Keeps the keys as long as it is told to.
const [, maxAge] = /max-age=(\d+)/.exec(response.headers.get('cache-control'));
const keys = createRemoteJWKSet(new URL(discovered.jwks_uri), { cacheMaxAge: maxAge * 1000 });
const algorithms = discovered.id_token_signing_alg_values_supported;

for await (const line of createInterface({ input: process.stdin })) {
  const [typ, token] = line.split(' ');
  // What RFC 9068 (2.2) requires of access tokens.
  const expected = typ === 'at+jwt' ? { audience, requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'] } : {};
  try {
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms, typ, ...expected });
    console.log(`good ${payload.sub ?? payload.sessions.length}`);
  } catch (error) {
    console.log(`bad ${error.code}`);
  }
}
