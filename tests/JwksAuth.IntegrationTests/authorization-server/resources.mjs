import { createPublicKey } from 'node:crypto';

import { errors } from 'oidc-provider';

const scope = 'read write';

export function createResources() {
  return new Map([
    ['urn:api:rs256', { scope, accessTokenFormat: 'jwt', sign: { alg: 'RS256' } }],
    ['urn:api:ps256', { scope, accessTokenFormat: 'jwt', sign: { alg: 'PS256' } }],
    ['urn:api:es256', { scope, accessTokenFormat: 'jwt', sign: { alg: 'ES256' } }],
    ['urn:api:opaque', { scope, accessTokenFormat: 'opaque' }],
  ]);
}

export async function describeResource(resources, identifier) {
  const resource = resources.get(identifier);
  if (!resource) {
    throw new errors.InvalidTarget();
  }
  const { sign, encrypt, ...description } = resource;
  if (description.accessTokenFormat !== 'jwt') {
    return description;
  }
  return { ...description, jwt: { sign, encrypt: encrypt && await encryption(encrypt) } };
}

// The key is read again for every token, so that a rotation at the resource server affects the next one.
async function encryption({ alg, enc, jwks_uri: jwksUri }) {
  const response = await fetch(jwksUri, { headers: { accept: 'application/json' } });
  const { keys } = await response.json();
  const jwk = keys.find((key) => key.use === 'enc' && (key.alg ?? alg) === alg);
  if (!jwk) {
    throw new errors.InvalidTarget(`no key for ${alg} at ${jwksUri}`);
  }
  return { alg, enc, kid: jwk.kid, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}
