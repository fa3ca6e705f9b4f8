/** Keeps a list of events in the order of the API: newest first, and of the same time the last recorded first. */
import type { TelemetryEvent } from '../../core/contract/event.ts';

/** Stored timestamps all have the same form, so that their text sorts as their time. */
function newestFirst(a: TelemetryEvent, b: TelemetryEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? 1 : -1;
  return b.sequence - a.sequence;
}

/**
 * The list with further events at their places, each once. Where the list is not `complete`, what is older than its last
 * event is left for the page that will bring it.
 */
export function merged(
  list: readonly TelemetryEvent[],
  further: readonly TelemetryEvent[],
  complete: boolean,
): readonly TelemetryEvent[] {
  const known = new Set(list.map(({ sequence }) => sequence));
  const last = list.at(-1);
  const added = further.filter((event) => {
    if (known.has(event.sequence)) return false;
    known.add(event.sequence);
    return complete || last === undefined || newestFirst(event, last) < 0;
  });
  return added.length === 0 ? list : [...added, ...list].sort(newestFirst);
}
