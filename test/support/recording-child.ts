/**
 * A process that records events through a session as fast as it can and prints the id of each once it is
 * acknowledged. Arguments: data folder, its name, how many events (0: until killed).
 */
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';

const [path = '', name = '', limit = '0'] = process.argv.slice(2);
const session = await Session.open(new DataFolder(path));
const client = session.client();
process.stdout.write(`ready ${session.isOwner ? 'owner' : 'attached'}\n`);
for (let n = 0; limit === '0' || n < Number(limit); n += 5) {
  const events = Array.from({ length: 5 }, (_, i) => ({
    type: 'user_interaction' as const,
    source: name,
    data: { action: 'test', target: `${name} ${n + i}` },
  }));
  const { ids } = await client.call('events.record', { events });
  process.stdout.write(`${ids.join('\n')}\n`);
}
await session.close('done');
