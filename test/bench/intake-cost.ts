/**
 * `npm run bench:intake`: what taking a batch in costs, stage by stage, as microseconds of processor time an event: read
 * the JSON, check and complete, encode, store. The threads of a server share the cores, so this sum over the number of
 * cores is the least that an event can take over HTTP.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { uuidV7Source } from '../../core/events/ids.ts';
import { eventsOfRequest, takeIn } from '../../core/events/take-in.ts';
import { parseBody } from '../../core/node/intake/body.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { median } from '../../core/numbers.ts';
import { type EncodedEvents, encodeEvents } from '../../core/store/encode.ts';
import { benchBodies } from './events.ts';
import { fresh } from './ingest.ts';
import { openStore } from './ours.ts';

const COUNT = 50_000;
const ROUNDS = 5;
const folder = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
const newId = uuidV7Source(nodePlatform);
const context = {
  trace: { requestId: newId() },
  defaults: { sessionId: newId() },
  newId,
  now: nodePlatform.now,
};
const stages = new Map<string, number[]>();

for (let round = 0; round <= ROUNDS; round++) {
  const bodies = benchBodies(COUNT, 1_000, round + 1);
  const parsed = spent('read the JSON', () => bodies.map(parseBody));
  const taken = spent('check, complete, take secrets out', () =>
    parsed.map((body) => takeIn(eventsOfRequest(body).events, context).events),
  );
  const encoded = spent('encode', () => taken.map((events) => encodeEvents(events, nodePlatform)));
  await store(encoded);
  // The first round compiles.
  if (round === 0) stages.clear();
}
let total = 0;
for (const [stage, figures] of stages) {
  const each = (median(figures) * 1_000) / COUNT;
  total += each;
  console.log(`${stage.padEnd(40)} ${each.toFixed(2)} µs`);
}
console.log(`${'all'.padEnd(40)} ${total.toFixed(2)} µs of one core an event`);
rmSync(join(folder, 'intake'), { recursive: true, force: true });

function spent<T>(stage: string, work: () => T): T {
  const before = process.threadCpuUsage();
  const result = work();
  note(stage, before);
  return result;
}

async function store(batches: readonly EncodedEvents[]): Promise<void> {
  const opened = await openStore(fresh(folder, 'intake'));
  const before = process.threadCpuUsage();
  for (const events of batches) await opened.appendEncoded(events);
  note('journal, tables and columns', before);
  await opened.close();
}

function note(stage: string, before: NodeJS.CpuUsage): void {
  const { user, system } = process.threadCpuUsage(before);
  stages.set(stage, [...(stages.get(stage) ?? []), (user + system) / 1_000]);
}
