/**
 * Drift: how far a live database is from the newest version that its migrations give. A database that is exactly an
 * older version has not drifted; its migrations wait to be run.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { EventInput } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { plural } from '../report/format.ts';
import type { Difference, RenameHint } from './difference.ts';
import type { LiveDatabase } from './live.ts';
import { nameOf, type SchemaSnapshot, schemaHash } from './snapshot.ts';
import { infoOf, schemaAfter, type Timeline } from './timeline.ts';
import { compared } from './timeline-queries.ts';
import type { Transition } from './transition/transition.ts';

export const DRIFT_RULE = 'schema-drift';

/** Tables in which tools keep what they have run, by name: the tools make them, not the migrations. */
const BOOKS = new Set([
  '_prisma_migrations',
  '__drizzle_migrations',
  '__diesel_schema_migrations',
  '_sqlx_migrations',
  'schema_migrations',
  'ar_internal_metadata',
  'goose_db_version',
  'flyway_schema_history',
  'databasechangelog',
  'databasechangeloglock',
  'refinery_schema_history',
  'knex_migrations',
  'knex_migrations_lock',
  'kysely_migration',
  'kysely_migration_lock',
  'mikro_orm_migrations',
  'SequelizeMeta',
  'alembic_version',
  'django_migrations',
]);

/** Differences that an event names; the page and the command line show all. */
const MOST_NAMED = 20;

export interface Drift {
  result: 'pass' | 'warn' | 'fail';
  message: string;
  version: ReturnType<typeof infoOf>;
  /** The older version that the database is exactly at, and how many migrations there are since. */
  standsAt?: ReturnType<typeof infoOf>;
  waiting?: number;
  differences: Difference[];
  renames: RenameHint[];
  sql?: Transition;
  leftOut: string[];
}

/**
 * @param sql whether to write the statements from the newest version to what the database has
 * Throws `invalid-request` where the two speak different dialects, `not-found` for a history without a version.
 */
export function driftOf(
  timeline: Timeline,
  live: LiveDatabase,
  platform: Pick<Platform, 'sha256'>,
  sql = false,
): Drift {
  const { entries, dialect, history } = timeline;
  const newest = entries.at(-1);
  if (!newest) throw new TelemetryError('not-found', `${history} has no version yet.`);
  if (dialect !== live.dialect)
    throw new TelemetryError(
      'invalid-request',
      `The migrations of ${history} are for ${dialect}, and ${live.database} is ${live.server}. Name another history.`,
    );
  const version = infoOf(timeline, newest);
  const actual = withoutBooks(live.schema);
  const result = compared(
    withoutBooks(schemaAfter(entries)).schema,
    actual.schema,
    sql && dialect === 'postgres',
  );
  const found = { version, ...result, leftOut: actual.leftOut };
  const { length } = result.differences;
  if (length === 0)
    return {
      result: 'pass',
      message: `${live.database} is what its migrations give: ${version.version}`,
      ...found,
    };
  const at = entries.findLastIndex(({ hash }) =>
    [actual.schema, live.schema].some((schema) => schemaHash(schema, platform).startsWith(hash)),
  );
  const older = entries[at];
  if (older) {
    const waiting = entries.length - 1 - at;
    const message = `${live.database} stands at ${older.version}: ${plural(waiting, 'migration')} not run there yet`;
    return { result: 'warn', message, standsAt: infoOf(timeline, older), waiting, ...found };
  }
  const breaking = result.differences.filter(({ level }) => level === 'breaking').length;
  const also = breaking > 0 ? `, ${breaking} of them breaking` : '';
  const message = `${live.database} differs from what its migrations give (${version.version}) in ${plural(length, 'place')}${also}`;
  return { result: 'fail', message, ...found };
}

/** The event that records it; alerts follow from it. */
export function driftEvent(drift: Drift, live: LiveDatabase): EventInput<'compliance_check'> {
  const { result, message, version, standsAt, waiting, differences } = drift;
  return {
    type: 'compliance_check',
    source: 'engine:schema-comparator',
    data: {
      rule: DRIFT_RULE,
      result,
      subject: `${live.database} by ${version.history}`,
      message,
      ...(result === 'pass' ? {} : { severity: result === 'fail' ? 'error' : 'warning' }),
      database: live.database,
      environment: live.environment,
      dialect: live.dialect,
      server: live.server,
      version: version.version,
      ...(standsAt ? { standsAt: standsAt.version, waiting } : {}),
      differences: differences.length,
      breaking: differences.filter(({ level }) => level === 'breaking').length,
      named: differences
        .slice(0, MOST_NAMED)
        .map(({ kind, object }) => `${kind.replaceAll('_', ' ')}: ${object}`),
    },
    metadata: { workspace: version.workspace },
  };
}

/** The schema without the tables of tools, what belongs to them, and a namespace that holds nothing else. */
function withoutBooks(schema: SchemaSnapshot): { schema: SchemaSnapshot; leftOut: string[] } {
  const books = schema.relations.filter(({ name }) => BOOKS.has(name));
  if (books.length === 0) return { schema, leftOut: [] };
  const leftOut = books.map(nameOf);
  const relations = schema.relations.filter((relation) => !books.includes(relation));
  const sequences = schema.sequences.filter(
    ({ ownedBy }) => !ownedBy || !leftOut.includes(`${ownedBy.schema}.${ownedBy.table}`),
  );
  const lived = new Set(books.map((book) => book.schema));
  const used = new Set(
    [...relations, ...sequences, ...schema.types, ...schema.routines].map((one) => one.schema),
  );
  const namespaces = schema.namespaces.filter(({ name }) => !lived.has(name) || used.has(name));
  return { schema: { ...schema, relations, sequences, namespaces }, leftOut };
}
