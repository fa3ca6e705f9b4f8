/** Migrations as another process records them, for a page to show. */
import type { EventInput } from '../../../core/contract/event.ts';
import type { DataFolder } from '../../../core/node/data-folder.ts';
import { Session } from '../../../core/node/engine/session.ts';

export function migration(n: number, outcome: 'succeeded' | 'failed'): EventInput {
  return {
    type: 'migration_execution',
    source: 'test',
    data: { migration: `000${n}_change`, outcome, durationMs: 100 * n },
    metadata: { workspace: 'shop' },
  };
}

/** Opens a session, records, closes it. */
export async function record(folder: DataFolder, events: EventInput[]): Promise<void> {
  const session = await Session.open(folder);
  await session.client().call('events.record', { events });
  await session.close('recorded');
}
