import { once } from 'node:events';

import { AuthorizationServer } from './authorization-server.mjs';
import { createControl } from './control.mjs';

const server = new AuthorizationServer();
await server.start();
const control = createControl(server).listen(0, '127.0.0.1');
await once(control, 'listening');

// Standard input closes when the test host ends for any reason, so no server is left running.
process.stdin.resume().once('end', () => process.exit());

process.stdout.write(`${JSON.stringify({ issuer: server.issuer, control: `http://127.0.0.1:${control.address().port}` })}\n`);
