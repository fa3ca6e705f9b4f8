/**
 * A process that records numbered events through a session until it is killed, or told to end by a line on its input.
 * Arguments: data folder, its name, events in a batch. Prints `owner` or `attached` once it has a session and whenever
 * that changes, `sent N` before the events up to N are handed over, `stored FROM TO` once they are acknowledged.
 */
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import { numberedEvents } from './ledger.ts';
import { say } from './say.ts';

const [path = '', name = '', size = '5'] = process.argv.slice(2);
let ending = false;
process.stdin.once('data', () => {
  ending = true;
});

const session = await Session.open(new DataFolder(path));
const client = session.client();
let role = '';
for (let n = 0; !ending; n += Number(size)) {
  const now = session.isOwner ? 'owner' : 'attached';
  if (now !== role) say(now);
  role = now;
  const events = numberedEvents(name, n, Number(size));
  say(`sent ${n + events.length}`);
  const { ids } = await client.call('events.record', { events });
  if (ids.length === events.length) say(`stored ${n} ${n + events.length}`);
}
await session.close('told to end');
process.exit(0);
