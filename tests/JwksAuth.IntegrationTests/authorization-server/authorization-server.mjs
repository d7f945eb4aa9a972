import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { clients } from './clients.mjs';
import { approveInteraction } from './interaction.mjs';
import { generateSigningKeys } from './keys.mjs';
import { createProvider } from './provider.mjs';
import { createResources } from './resources.mjs';

const loopback = '127.0.0.1';
const tokenModels = ['AccessToken', 'ClientCredentials', 'RefreshToken'];

// An issuer on one port for its whole life. The provider reads its keys once, when it is created; new keys need
// a new provider on the same port, and everything that was issued stays in the store that both share.
export class AuthorizationServer {
  requests = new Map();

  resources = createResources();

  #store = new Map();

  #cookieKey = randomBytes(32).toString('base64url');

  #handle;

  #http = createServer((request, response) => this.#answer(request, response));

  async start() {
    this.#http.listen(this.port ?? 0, loopback);
    await once(this.#http, 'listening');
    this.port = this.#http.address().port;
    this.issuer = `http://${loopback}:${this.port}`;
    if (!this.provider) {
      await this.rotateKeys({ keepOld: false });
      await Promise.all(clients.map((client) => this.registerClient(client)));
    }
  }

  async stop() {
    const closed = once(this.#http, 'close');
    this.#http.close();
    this.#http.closeAllConnections();
    await closed;
  }

  async rotateKeys({ keepOld }) {
    this.oldKeys = keepOld ? [...this.currentKeys, ...this.oldKeys] : [];
    this.currentKeys = await generateSigningKeys();
    this.createProvider();
  }

  withdrawOldKeys() {
    this.oldKeys = [];
    this.createProvider();
  }

  // The first key that fits an algorithm signs. A new provider has no cached keys of clients either.
  createProvider() {
    this.provider = createProvider({
      issuer: this.issuer,
      keys: [...this.currentKeys, ...this.oldKeys],
      resources: this.resources,
      store: this.#store,
      cookieKey: this.#cookieKey,
    });
    this.#handle = this.provider.callback();
  }

  async registerClient(metadata) {
    const { Client } = this.provider;
    const previous = await Client.adapter.find(metadata.client_id);
    await Client.adapter.upsert(metadata.client_id, metadata);
    try {
      await Client.find(metadata.client_id);
    } catch (error) {
      await (previous
        ? Client.adapter.upsert(metadata.client_id, previous)
        : Client.adapter.destroy(metadata.client_id));
      throw error;
    }
  }

  expireToken(token) {
    const issued = tokenModels.map((model) => this.#store.get(`${model}:${token}`)).find(Boolean);
    if (!issued) {
      throw new Error('no such opaque token');
    }
    issued.exp = Math.floor(Date.now() / 1000) - 3600;
  }

  async #answer(request, response) {
    const [path] = request.url.split('?');
    this.requests.set(path, (this.requests.get(path) ?? 0) + 1);
    if (!path.startsWith('/interaction/')) {
      return this.#handle(request, response);
    }
    try {
      return await approveInteraction(this.provider, request, response);
    } catch (error) {
      return response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message);
    }
  }
}
