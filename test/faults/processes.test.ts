import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { allEvents } from '../../core/contract/client.ts';
import { Session } from '../../core/node/engine/session.ts';
import { OwnerLock } from '../../core/node/owner/lock.ts';
import { seededRandom } from '../../core/numbers.ts';
import { startEngine } from '../support/engine.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { countsText, Ledger, numberedEvents } from './ledger.ts';
import { processRounds } from './processes.ts';
import { race } from './race.ts';

const SEED = 1;
const TENURES = 600;
const OWNERS = 5;
const CLIENTS = 3;
const HALVES = 40;

test('processes race for a folder and some die owning it: never two owners, a dead one never blocks', async (t) => {
  const { tenures, killed, slowestTakeoverMs } = await race(temporaryFolder(t), SEED, TENURES);
  t.diagnostic(`${tenures} rounds, ${killed} owners killed, slowest takeover ${slowestTakeoverMs} ms`);
  assert.ok(tenures >= TENURES && killed > 0);
});

test('the owner is killed while three clients write, again and again', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const counts = await processRounds(folder, SEED, OWNERS, { kills: 'owner', batch: 5 });
  t.diagnostic(`${countsText(counts)}; slowest takeover ${counts.slowestTakeoverMs} ms`);
  assert.equal(counts.rounds, OWNERS);
});

test('a client is killed while it sends large batches', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const counts = await processRounds(folder, SEED, CLIENTS, { kills: 'client', batch: 100 });
  t.diagnostic(countsText(counts));
  assert.equal(counts.rounds, CLIENTS);
});

test('of a batch that breaks off half-way nothing is stored, and sent again it is stored once', async (t) => {
  const { client, folder } = await startEngine(t);
  const random = seededRandom(SEED);
  const ledger = new Ledger();
  for (let round = 0; round < HALVES; round++) {
    const events = numberedEvents('half', round * 20, 20);
    ledger.send(events);
    const body = Buffer.from(JSON.stringify({ events }));
    await breakOff(folder.socketPath(), body, Math.floor(random() * body.length));
  }
  const before = await allEvents(client, { type: ['user_interaction'] });
  assert.equal(before.length, 0);
  for (let round = 0; round < HALVES; round++) {
    const events = numberedEvents('half', round * 20, 20);
    await client.call('events.record', { events });
    ledger.acknowledge(events);
  }
  const found = ledger.check(await allEvents(client, { type: ['user_interaction'] }), `seed ${SEED}`);
  t.diagnostic(countsText({ rounds: HALVES, acknowledged: ledger.acknowledged, found }));
});

test('a session that is closed while it takes over does not keep the folder', async (t) => {
  const folder = temporaryDataFolder(t);
  const owner = await Session.open(folder);
  const attached = await Session.open(folder);
  await owner.close();
  const call = attached.client().call('health.get', {});
  await new Promise((resolve) => setTimeout(resolve, 5));
  await attached.close();
  await call.catch(() => undefined);
  const lock = OwnerLock.tryAcquire(folder);
  assert.ok(lock, 'the folder is free');
  lock.release();
});

/** Sends a request as far as a byte of its body, and hangs up. */
async function breakOff(socketPath: string, body: Buffer, at: number): Promise<void> {
  const head = `POST /api/telemetry/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const socket = connect(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.write(head);
    socket.write(body.subarray(0, at), () => resolve());
  });
  socket.destroy();
}
