/** What an analysis looks at: the migrations of a timeframe with what each changed. */
import type { TelemetryEvent } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { type Example, exampleOf } from '../learn/examples.ts';
import type { Steps } from '../steps.ts';
import type { EventReader } from '../store/event-reader.ts';
import { eventsWithSequences, newestSequences } from '../store/events-behind.ts';

export interface AnalysedMigration extends Example {
  tables: string[];
  message: string | undefined;
  sqlState: string | undefined;
  /** Author's time of the commit that brought it, milliseconds since 1970. */
  committedAt: number | undefined;
  /** Differences of the schema it made, as far as the recorder knew them. */
  changes: { kind: string; object: string }[];
  /** Indexes built on tables that were there before it, with and without CONCURRENTLY. */
  indexes: { blocking: number; concurrent: number };
}

/** Extra fields that the import and the extension put into a `migration_execution`. */
export interface AnalysedFields {
  changes: { kind: string; object: string }[];
  /** Only where the database can build one while others write. */
  indexesOnExisting?: { blocking: number; concurrent: number } | undefined;
}

/** Migrations that one analysis looks at, at most. */
export const MOST_MIGRATIONS = 20_000;
const SLICE = 100;

/** The newest that match, in order of time, and how many match. */
export function* migrationsOf(
  reader: EventReader,
  filter: Pick<EventFilter, 'from' | 'to' | 'workspace'>,
  most = MOST_MIGRATIONS,
): Steps<{ migrations: AnalysedMigration[]; total: number }> {
  const { sequences, total } = newestSequences(reader, { ...filter, type: ['migration_execution'] }, most);
  const migrations: AnalysedMigration[] = [];
  for (let from = 0; from < sequences.length; from += SLICE) {
    yield;
    for (const event of eventsWithSequences(reader, sequences.subarray(from, from + SLICE)))
      migrations.push(analysed(event as TelemetryEvent<'migration_execution'>));
  }
  return { migrations: migrations.sort((a, b) => a.at - b.at), total };
}

function analysed(event: TelemetryEvent<'migration_execution'>): AnalysedMigration {
  const { data } = event;
  const extra = data as Partial<AnalysedFields>;
  return {
    ...exampleOf(event),
    tables: data.tables ?? [],
    message: data.error?.message ?? data.reason,
    sqlState: data.error?.sqlState,
    committedAt: data.committedAt === undefined ? undefined : Date.parse(data.committedAt),
    changes: extra.changes ?? [],
    indexes: extra.indexesOnExisting ?? { blocking: 0, concurrent: 0 },
  };
}
