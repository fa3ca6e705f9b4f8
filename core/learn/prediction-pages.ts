/** Pages of predictions, newest first. */
import type { Params, Result } from '../contract/methods.ts';
import type { EventReader } from '../store/event-reader.ts';
import { decodeCursor, encodeCursor } from '../store/filter.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';
import { recordOf } from './records.ts';

const DEFAULT_LIMIT = 50;

export function listPredictions(
  reader: EventReader,
  ledger: Ledger,
  params: Params<'predictions.list'>,
): Result<'predictions.list'> {
  const { state, limit = DEFAULT_LIMIT } = params;
  const matching = [...ledger.entries.values()].filter((entry) => matches(entry, params));
  const awaiting = matching.filter((entry) => ledger.state(entry) === 'awaiting').length;
  const after = params.cursor === undefined ? undefined : decodeCursor(params.cursor);
  const wanted = matching
    .filter((entry) => !state?.length || state.includes(ledger.state(entry)))
    .filter(({ at, sequence }) => !after || at < after.ts || (at === after.ts && sequence < after.sequence))
    .sort((a, b) => b.at - a.at || b.sequence - a.sequence);
  const page = wanted.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((entry) => recordOf(reader, ledger, entry)),
    ...(last && wanted.length > limit ? { nextCursor: encodeCursor(last.at, last.sequence) } : {}),
    awaiting,
  };
}

function matches(
  entry: Entry,
  { from, to, workspace, modelId, subject, file }: Params<'predictions.list'>,
): boolean {
  return (
    (from === undefined || entry.at >= Date.parse(from)) &&
    (to === undefined || entry.at < Date.parse(to)) &&
    (workspace === undefined || entry.workspace === workspace) &&
    (modelId === undefined || entry.modelId === modelId) &&
    (subject === undefined || entry.subject === subject) &&
    (file === undefined || entry.file === file)
  );
}
