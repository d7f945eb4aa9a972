import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

async function privateJwk(type, options) {
  const { privateKey } = await generate(type, options);
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig' };
}

// The RSA key has no alg: one key signs RS256 and PS256, as on many real servers.
export async function generateSigningKeys() {
  return Promise.all([
    privateJwk('rsa', { modulusLength: 2048 }),
    privateJwk('ec', { namedCurve: 'P-256' }),
  ]);
}
