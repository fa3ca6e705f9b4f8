/** An alert may hold up the next run, where somebody asked for that in the settings. */
import { realpathSync } from 'node:fs';
import { TelemetryError } from '../../contract/errors.ts';
import { workspaceOf } from '../import/import-repository.ts';
import { type GlobalOptions, withClient } from './context.ts';

/** Throws `conflict` where an open alert of this workspace holds up the next run. */
export async function refuseHeldRun(options: GlobalOptions): Promise<void> {
  const workspace = workspaceOf(realpathSync(process.cwd()));
  const { items } = await withClient(options, (client) =>
    client.call('alerts.list', { workspace, state: ['open', 'acknowledged'] }),
  );
  const holding = items.find(({ blocksNextRun, muted }) => blocksNextRun && !muted);
  if (!holding) return;
  throw new TelemetryError(
    'conflict',
    `An alert holds up the next run: ${holding.title}. Close it once that is mended, or add --override. Nothing was run.`,
  );
}
