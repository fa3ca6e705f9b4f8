/** Who gets in, and how often. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { before, test } from 'node:test';
import { buildServer } from '../../../core/node/http/server.ts';
import { startEngine, startServer, type TestServer } from '../../support/engine.ts';
import { json } from './requests.ts';

let server: TestServer;
before(async (t) => {
  server = await startServer(t as never);
});

test('only this machine, its own pages and the token get in', async () => {
  const raw = (headers: Record<string, string>) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(server.base);
      const call = request({ hostname, port, path: '/api/telemetry/health', headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      call.on('error', reject);
      call.end();
    });
  const authorization = `Bearer ${server.token}`;
  const host = new URL(server.base).host;
  const cases: [Record<string, string>, number][] = [
    [{ host, authorization }, 200],
    [{ host: `localhost:${new URL(server.base).port}`, authorization }, 200],
    [{ host: 'evil.example', authorization }, 421],
    [{ host: '127.0.0.1.evil.example', authorization }, 421],
    [{ host, authorization, origin: 'https://evil.example' }, 403],
    [{ host, authorization, origin: 'null' }, 403],
    [{ host, authorization, origin: server.base }, 200],
    [{ host }, 401],
    [{ host, authorization: 'Bearer ' }, 401],
    [{ host, authorization: `Bearer ${server.token}x` }, 401],
    [{ host, authorization: `Basic ${server.token}` }, 401],
    [{ host, cookie: 'aibos_session=guess' }, 401],
  ];
  for (const [headers, status] of cases)
    assert.equal((await raw(headers)).status, status, JSON.stringify(headers));
  const query = await server.fetch(`/api/telemetry/health?token=${server.token}`, {
    headers: { authorization: '' },
  });
  assert.equal(query.status, 401, 'a token in the address is no token');
});

test('a browser signs in by the code behind the #, and guessing ends', async () => {
  const code = new URL(server.url).hash.replace('#code=', '');
  const signIn = (value: string) => fetch(`${server.base}/session`, json({ code: value }));
  const good = await signIn(code);
  const cookie = good.headers.get('set-cookie') ?? '';
  assert.match(cookie, /HttpOnly; SameSite=Strict/);
  const health = await fetch(`${server.base}/api/telemetry/health`, {
    headers: { cookie: cookie.split(';')[0] ?? '' },
  });
  assert.equal(health.status, 200);
  for (let i = 0; i < 20; i++) assert.equal((await signIn(`guess-${i}`)).status, 401);
  assert.equal((await signIn(code)).status, 429);
});

test('too many requests are told when to come back', async (t) => {
  const { session } = await startEngine(t);
  const { app } = await buildServer({
    backend: session,
    access: { kind: 'token', token: 'secret' },
    requestsPerSecond: 3,
  });
  t.after(() => app.close());
  const call = () =>
    app.inject({
      url: '/api/telemetry/health',
      headers: { host: 'localhost', authorization: 'Bearer secret' },
    });
  const statuses = [];
  let last = await call();
  for (let i = 0; i < 5; i++) {
    statuses.push(last.statusCode);
    last = await call();
  }
  assert.deepEqual(statuses.slice(0, 3), [200, 200, 200]);
  assert.equal(last.statusCode, 429);
  assert.equal(last.headers['retry-after'], '1');
  assert.equal(last.json().type, 'urn:aibos:problem:too-many-requests');
});
