/** A report that is due when the engine starts. */
import { writeFileSync } from 'node:fs';
import type { DataFolder } from '../../../core/node/data-folder.ts';

/** Leaves a schedule whose PDF was due a second ago, to be written into `target`. */
export function scheduleDue(folder: DataFolder, target: string): void {
  const schedule = {
    id: 'daily',
    kind: 'health',
    format: 'pdf',
    every: 'day',
    folder: target,
    enabled: true,
    nextAt: new Date(Date.now() - 1_000).toISOString(),
  };
  writeFileSync(folder.in('report-schedules.json'), JSON.stringify([schedule]));
}
