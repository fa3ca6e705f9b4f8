/** What the models learn from: migrations with their outcome, in the order in which they happened. */
import type { TelemetryEvent } from '../contract/event.ts';

/** What is known of a migration before it runs. */
export interface MigrationFacts {
  name: string;
  /** When, in milliseconds since 1970. */
  at: number;
  workspace: string;
  author: string | undefined;
  statements: number;
  /** Length of the SQL. */
  bytes: number;
  /** Operation name to how often it occurs. */
  operations: Record<string, number>;
  /** Operations that lose data. */
  destructive: number;
  /** Where it runs; undefined where nobody said. */
  environment?: string | undefined;
  /** Further figures that were known before, by the name their sender gave them. */
  further?: Readonly<Record<string, number>> | undefined;
}

export interface Example extends MigrationFacts {
  eventId: string;
  /** Hash of its text, where known: the same in every clone of its repository. */
  checksum?: string | undefined;
  /** Names of its operations in their order, as far as known. */
  steps?: readonly string[] | undefined;
  /** Undefined where nobody knows, and where nothing was sent that could have failed. */
  failed: boolean | undefined;
  durationMs: number | undefined;
}

/** The fields of a `migration_execution` event that carry the facts beside its contract. */
export interface FactFields {
  bytes: number;
  operationCounts: Record<string, number>;
  destructive: number;
  /** Figures that the sender knew before the run, for the models to try. */
  features?: Record<string, number>;
}

/** The example that an event is; counts that the sender did not give are taken from its list of operations. */
export function exampleOf(event: TelemetryEvent<'migration_execution'>): Example {
  const { data, metadata } = event;
  const given = data as typeof data & Partial<FactFields>;
  return {
    eventId: event.id,
    name: data.migration,
    at: Date.parse(event.timestamp),
    workspace: metadata.workspace ?? '',
    author: data.author ?? metadata.user,
    statements: data.statements ?? data.operations?.length ?? 0,
    bytes: given.bytes ?? 0,
    operations: given.operationCounts ?? countNames(data.operations ?? []),
    destructive: given.destructive ?? 0,
    environment: data.environment,
    ...(given.features ? { further: given.features } : {}),
    checksum: data.checksum,
    steps: data.operations,
    failed: data.outcome === 'failed' ? true : didSucceed(data) ? false : undefined,
    durationMs: data.durationMs,
  };
}

function didSucceed({ outcome, statements }: TelemetryEvent<'migration_execution'>['data']): boolean {
  return outcome === 'succeeded' && statements !== 0;
}

export function countNames(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
