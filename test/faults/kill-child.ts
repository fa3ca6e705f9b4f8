/**
 * A process that stores events as fast as it can until it is killed. Loads everything, says `ready`, and begins
 * once a line with a JSON array of folder, sender and seed comes in. Then prints `sent N` before the events up to N are handed
 * over and `stored FROM TO` once those are acknowledged; both by one synchronous write, which a kill cannot tear.
 */
import { createInterface } from 'node:readline';
import { seededRandom } from '../../core/numbers.ts';
import { numberedEvents } from './ledger.ts';
import { say } from './say.ts';
import { storeIn } from './store-in.ts';

const WRITERS = 8;

say('ready');
const line = await new Promise<string>((resolve) => {
  createInterface({ input: process.stdin }).once('line', resolve);
});
const [folder, sender, seed] = JSON.parse(line) as [string, string, number];
const random = seededRandom(seed);
const store = storeIn(folder, { segmentBytes: 256 * 1024, partitionEvents: 1_000 });
let next = 0;
await Promise.all(Array.from({ length: WRITERS }, write));

async function write(): Promise<void> {
  for (;;) {
    const from = next;
    next += 1 + Math.floor(random() * random() * 60);
    const events = numberedEvents(sender, from, next - from);
    say(`sent ${next}`);
    await store.append(events);
    say(`stored ${from} ${from + events.length}`);
    if (random() < 0.01) void store.checkpoint().catch(() => undefined);
  }
}
