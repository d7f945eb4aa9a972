import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';

// Clients that authenticate by private_key_jwt at a token endpoint of a test, written with oauth4webapi.
export function createAssertingClients() {
  const keys = new Map();

  async function findKey(algorithm) {
    if (!keys.has(algorithm)) {
      keys.set(algorithm, await oauth.generateKeyPair(algorithm));
    }
    return keys.get(algorithm);
  }

  return {
    // The public half of the key for an algorithm, generated on first use.
    async publishKey({ algorithm }) {
      const { publicKey } = await findKey(algorithm);
      return { keys: [{ ...await exportJWK(publicKey), kid: algorithm, use: 'sig' }] };
    },

    // The client credentials grant; the claims of the assertion can be changed.
    async requestToken({ issuer, tokenEndpoint, clientId, algorithm, claims }) {
      const { privateKey } = await findKey(algorithm);
      const server = { issuer, token_endpoint: tokenEndpoint };
      const client = { client_id: clientId };
      const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: algorithm }, {
        [oauth.modifyAssertion]: (header, payload) => Object.assign(payload, claims),
      });
      const options = { [oauth.allowInsecureRequests]: true };
      const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, new URLSearchParams(), options);
      return { status: response.status, body: await response.json() };
    },
  };
}
