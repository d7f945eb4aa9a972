import { createHash, randomUUID } from 'node:crypto';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';

const algorithm = 'ES256';

// Clients with DPoP-bound tokens, written with common client libraries.
export function createDpopClients() {
  const keys = new Map();

  return {
    // A proof by jose for a request, valid unless the claims or the header are changed. Keys have names and are generated on first use.
    async createProof({ key, method, url, token, claims, header }) {
      const { publicKey, privateKey } = await findKey(keys, key);
      const proof = new SignJWT({
        htm: method,
        htu: url,
        jti: randomUUID(),
        iat: Math.floor(Date.now() / 1000),
        ...(token && { ath: createHash('sha256').update(token).digest('base64url') }),
        ...claims,
      }).setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk: await exportJWK(publicKey), ...header });
      return { proof: await proof.sign(privateKey) };
    },

    // oauth4webapi gets a token and calls the API with it; if the server requires a nonce, it sends one in a second call.
    async callApi({ issuer, clientId, clientSecret, resource, url }) {
      const client = { client_id: clientId };
      const options = {
        DPoP: oauth.DPoP(client, await oauth.generateKeyPair(algorithm)),
        [oauth.allowInsecureRequests]: true,
      };
      const server = { issuer, token_endpoint: `${issuer}/token` };
      const parameters = new URLSearchParams({ resource, scope: 'read' });
      const granted = await oauth.clientCredentialsGrantRequest(server, client, oauth.ClientSecretBasic(clientSecret), parameters, options);
      const { access_token: token, token_type: tokenType } = await oauth.processClientCredentialsResponse(server, client, granted);
      const call = () => oauth.protectedResourceRequest(token, 'GET', new URL(url), undefined, undefined, options);

      const challenges = [];
      let response;
      try {
        response = await call();
      } catch (error) {
        if (!oauth.isDPoPNonceError(error)) {
          throw error;
        }
        challenges.push(...error.cause.map(({ scheme, parameters: { error: code } }) => `${scheme} ${code}`));
        response = await call();
      }
      return { tokenType, challenges, status: response.status, body: await response.text() };
    },
  };
}

async function findKey(keys, name) {
  if (!keys.has(name)) {
    keys.set(name, await generateKeyPair(algorithm));
  }
  return keys.get(name);
}
