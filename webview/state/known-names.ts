/** The workspaces and sources to choose from: those that the engine knows, and those of events that arrive. */
import { type Signal, signal } from '@preact/signals';
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { Tally } from '../../core/contract/statistics.ts';
import { onLiveEvent } from './live.ts';
import { statistics } from './statistics.ts';

/** Ids, in order of name. */
export const workspaces: Signal<readonly string[]> = signal([]);
export const sources: Signal<readonly string[]> = signal([]);

/** Fills the lists, and keeps them so; the result ends that. */
export function startKnownNames(client: Pick<TelemetryClient, 'call'>): () => void {
  const namesOf = (tallies: readonly Tally[]) => tallies.map(({ name }) => name);
  statistics(client, {}).then(
    (known) => {
      add(workspaces, namesOf(known.workspaces));
      add(sources, namesOf(known.bySource));
    },
    () => undefined,
  );
  return onLiveEvent(({ metadata, source }) => {
    add(sources, [source]);
    if (metadata.workspace) add(workspaces, [metadata.workspace]);
  });
}

function add(list: Signal<readonly string[]>, names: readonly string[]): void {
  const fresh = names.filter((name) => !list.value.includes(name));
  if (fresh.length > 0) list.value = [...list.value, ...fresh].sort();
}
