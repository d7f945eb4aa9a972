import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import { createAssertingClients } from './assertions.mjs';
import { createDpopClients } from './dpop.mjs';

// What tests may do to the authorization server, on its own port so that it works while the issuer is down.
export function createControl(server) {
  const asserting = createAssertingClients();
  const dpop = createDpopClients();
  const commands = {
    'GET /requests': () => Object.fromEntries(server.requests),
    'POST /start': () => server.start(),
    'POST /stop': () => server.stop(),
    'POST /keys/rotate': (options) => server.rotateKeys(options),
    'POST /keys/withdraw-old': () => server.withdrawOldKeys(),
    'POST /client-keys/forget': () => server.createProvider(),
    'POST /clients': (metadata) => server.registerClient(metadata),
    'POST /resources': ({ identifier, ...resource }) => { server.resources.set(identifier, resource); },
    'POST /assertions/keys': (request) => asserting.publishKey(request),
    'POST /assertions/tokens': (request) => asserting.requestToken(request),
    'POST /dpop/proofs': (request) => dpop.createProof(request),
    'POST /dpop/calls': (call) => dpop.callApi({ issuer: server.issuer, ...call }),
    'POST /tokens/expire': ({ token }) => server.expireToken(token),
  };

  return createServer(async (request, response) => {
    try {
      const command = commands[`${request.method} ${request.url}`];
      if (!command) {
        return reply(response, 404, { error: `no command ${request.method} ${request.url}` });
      }
      const body = request.method === 'POST' ? await json(request) : undefined;
      return reply(response, 200, await command(body) ?? {});
    } catch (error) {
      return reply(response, 400, { error: error.error_description ?? error.message });
    }
  });
}

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
