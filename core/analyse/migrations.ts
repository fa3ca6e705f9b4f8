/** What an analysis looks at: the migrations of a timeframe with what each changed. */
import type { TelemetryEvent } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { type Example, exampleOf } from '../learn/examples.ts';
import { eventsOfType } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';

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
  indexesOnExisting: { blocking: number; concurrent: number };
}

/** In order of time. */
export function migrationsOf(
  reader: EventReader,
  filter: Pick<EventFilter, 'from' | 'to' | 'workspace'>,
): AnalysedMigration[] {
  return eventsOfType(reader, 'migration_execution', filter).map(analysed);
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
