import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Alert } from '../../../core/contract/alert.ts';
import { alertActor, words } from '../../../core/node/alerts/actor.ts';
import { cleanup, temporaryFolder } from '../../support/temp.ts';

const at = '2026-11-27T12:00:00.000Z';
const alert: Alert = {
  id: 'failed-migration:x:1',
  kind: 'failed-migration',
  group: 'm',
  severity: 'error',
  title: 'm failed',
  state: 'open',
  openedAt: at,
  lastAt: at,
  count: 1,
  muted: false,
  evidence: { events: [], count: 1 },
};

test('a webhook gets the alert; what is said of it names the host only', async (t) => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      bodies.push(body);
      response.statusCode = request.url === '/secret-token' ? 204 : 500;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup(t, () => new Promise<void>((resolve) => void server.close(() => resolve())));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said = await alertActor.webhook(`${base}/secret-token`, alert);
  assert.match(said, /^127\.0\.0\.1:\d+ answered 204$/);
  assert.equal(JSON.parse(bodies[0] ?? '').alert.id, alert.id);
  await assert.rejects(
    alertActor.webhook(`${base}/other-token`, alert),
    /^Error: 127\.0\.0\.1:\d+ answered 500$/,
  );
  await assert.rejects(alertActor.webhook('ftp://x/secret', alert), /not a web address/);
});

test('a command gets the alert on its input, without a shell', async (t) => {
  const out = join(temporaryFolder(t), 'out.json');
  const script = `process.stdin.pipe(require("fs").createWriteStream(process.argv[1]))`;
  assert.match(
    await alertActor.command(`"${process.execPath}" -e '${script}' "${out}"`, alert),
    /ended well$/,
  );
  assert.equal(JSON.parse(readFileSync(out, 'utf8')).alert.id, alert.id);
  await assert.rejects(
    alertActor.command(`"${process.execPath}" -e "process.exit(3)"`, alert),
    /exit code 3/,
  );
  await assert.rejects(alertActor.command('no-such-program-here', alert), /cannot be run \(ENOENT\)/);
  assert.deepEqual(words(`a "b c" 'd e' f; rm -rf`), ['a', 'b c', 'd e', 'f;', 'rm', '-rf']);
});
