import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER: issuer = 'http://localhost:7071/api', AUDIENCE: audience = 'serverless-sessions', PORT = 3001 } = process.env;
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
createServer(async ({ headers }, response) => {
  const token = headers.authorization?.replace('Bearer ', '') ?? '';
  const verified = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] }).catch(() => null);
  response.writeHead(verified ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(verified ? { orders: [], user: verified.payload.sub } : { title: 'Unauthorized' }));
}).listen(PORT, 'localhost');
