/** The workspaces to choose from: those that the engine knows, and those of events that arrive. */
import { signal } from '@preact/signals';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { onLiveEvent } from './live.ts';

/** Ids by name. */
export const workspaces = signal<readonly string[]>([]);

/** Fills the list, and keeps it so; the result ends that. */
export function startWorkspaces(client: Pick<TelemetryClient, 'call'>): () => void {
  client.call('stats.get', {}).then(
    (statistics) => add(statistics.workspaces.map(({ name }) => name)),
    () => undefined,
  );
  return onLiveEvent(({ metadata }) => {
    if (metadata.workspace && !workspaces.value.includes(metadata.workspace)) add([metadata.workspace]);
  });
}

function add(names: readonly string[]): void {
  workspaces.value = [...new Set([...workspaces.value, ...names])].sort();
}
