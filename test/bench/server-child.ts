/** The product's HTTP server on a data folder, for `http.ts`: prints its port and token, ends on a signal. */
import type { AddressInfo } from 'node:net';
import { DataFolder } from '../../core/node/data-folder.ts';
import { hostEngine } from '../../core/node/engine/host.ts';
import { buildServer } from '../../core/node/http/server.ts';

const folder = new DataFolder(process.argv[2]);
const engine = await hostEngine(folder);
const token = folder.token({});
const { app } = await buildServer({ backend: engine, access: { kind: 'token', token } });
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port, token })}\n`);
