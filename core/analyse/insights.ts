/**
 * Insights: sentences that a developer would act on, each with its numbers and the events it stands on. Each finder
 * answers for one question and says nothing where the numbers do not carry it.
 */
import type { Insight } from '../contract/analysis.ts';
import { groupBy, significant, wilson } from '../numbers.ts';
import { count, plural, roughly } from '../report/format.ts';
import type { Steps } from '../steps.ts';
import type { AnalysedMigration } from './migrations.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Found extends Insight {
  /** What to do about it. */
  action?: string;
}

type Finder = (migrations: readonly AnalysedMigration[]) => Found[];

/** A failed migration is taken to cost its team so many hours: whoever ran it reads the error, mends it, runs it again. */
const HOURS_PER_FAILURE = 1;

/** Those that are counts, and so need no test of whether they are chance. */
export function* plainInsights(migrations: readonly AnalysedMigration[]): Steps<Found[]> {
  const found: Found[] = [];
  for (const find of finders) {
    found.push(...find(migrations));
    yield;
  }
  return found;
}

/** What an insight would have saved in its timeframe had it been acted on before, and its rank by that. */
export function savedBy({
  failures = 0,
  hours = 0,
}: {
  failures?: number;
  hours?: number;
}): Pick<Insight, 'saves' | 'impact'> {
  return {
    saves: { failures: significant(failures), hours: significant(hours) },
    impact: significant(hours + failures * HOURS_PER_FAILURE),
  };
}

function hoursOf(migrations: readonly AnalysedMigration[]): number {
  return sum(migrations, ({ durationMs = 0 }) => durationMs) / HOUR;
}

const failures: Finder = (migrations) => {
  const known = migrations.filter(({ failed }) => failed !== undefined);
  const failed = known.filter((migration) => migration.failed);
  if (failed.length === 0 || known.length === 0) return [];
  const causes = [...groupBy(failed, ({ sqlState, message }) => sqlState ?? message ?? '').values()];
  const most = causes.sort((a, b) => b.length - a.length)[0] ?? [];
  const [{ sqlState, message = 'no message' } = {}] = most;
  const { low, high } = wilson(failed.length, known.length);
  return [
    {
      id: 'failures',
      kind: 'failures',
      title:
        `${of(failed, known)} failed (${roughly(failed.length / known.length)}); ` +
        `the most common cause (${most.length === 1 ? 'once' : `${most.length} times`}${sqlState ? `, SQLSTATE ${sqlState}` : ''}): ${shorten(message)}`,
      severity: failed.length / known.length > 0.05 ? 'error' : 'warning',
      ...savedBy({ failures: most.length, hours: hoursOf(most) }),
      numbers: { failed: failed.length, total: known.length, low: significant(low), high: significant(high) },
      evidence: evidenceOf(failed, { type: 'migration_execution', status: 'error' }),
      action:
        'Read the failed migrations first: each shows the statement, the line and the database’s own message.',
    },
  ];
};

/** `3 of 1,204 migrations`. */
function of(some: readonly unknown[], all: readonly unknown[]): string {
  return `${count(some.length)} of ${plural(all.length, 'migration')}`;
}

const blockingIndexes: Finder = (migrations) => {
  const blocking = migrations.filter(({ indexes }) => indexes.blocking > 0);
  const built = sum(blocking, ({ indexes }) => indexes.blocking);
  const total = built + sum(migrations, ({ indexes }) => indexes.concurrent);
  if (built < 2) return [];
  return [
    {
      id: 'blocking-indexes',
      kind: 'locking',
      title: `${count(built)} of ${count(total)} indexes on existing tables were built without CONCURRENTLY, which blocks writes meanwhile`,
      severity: 'warning',
      ...savedBy({ hours: hoursOf(blocking) }),
      numbers: { blocking: built, total },
      evidence: evidenceOf(blocking, { type: 'schema_operation', operation: 'create_index' }),
      action: 'Build indexes on tables in use with CREATE INDEX CONCURRENTLY, alone in its migration.',
    },
  ];
};

const lostData: Finder = (migrations) => {
  const losing = migrations.filter(({ destructive }) => destructive > 0);
  if (losing.length === 0) return [];
  const operations = sum(losing, ({ destructive }) => destructive);
  return [
    {
      id: 'lost-data',
      kind: 'destructive',
      title: `${of(losing, migrations)} ${losing.length === 1 ? 'loses' : 'lose'} data (${plural(operations, 'drop, deletion or truncation', 'drops, deletions or truncations')})`,
      severity: 'info',
      ...savedBy({}),
      numbers: { migrations: losing.length, operations },
      evidence: evidenceOf(losing, { type: 'migration_execution' }),
    },
  ];
};

/** Columns that were dropped within 30 days of being added. */
const shortLivedColumns: Finder = (migrations) => {
  const added = new Map<string, number>();
  let total = 0;
  const gone: { object: string; migration: AnalysedMigration }[] = [];
  for (const migration of migrations) {
    for (const { kind, object } of migration.changes) {
      if (kind === 'column_added') {
        added.set(object, migration.at);
        total++;
      } else if (kind === 'column_removed') {
        const since = added.get(object);
        if (since !== undefined && migration.at - since <= 30 * DAY && migration.at > since)
          gone.push({ object, migration });
        added.delete(object);
      }
    }
  }
  if (gone.length < 3) return [];
  return [
    {
      id: 'short-lived-columns',
      kind: 'churn',
      title: `${count(gone.length)} of ${count(total)} columns added were dropped within 30 days, for example ${gone.at(-1)?.object}`,
      severity: 'info',
      ...savedBy({ hours: hoursOf([...new Set(gone.map(({ migration }) => migration))]) }),
      numbers: { dropped: gone.length, added: total },
      evidence: evidenceOf(gone.map(({ migration }) => migration)),
      action:
        'Try new columns behind a branch database first; each one dropped is a second migration on a live table.',
    },
  ];
};

/** Three tables take at least twice the changes that they would if all tables were alike. */
const hotTables: Finder = (migrations) => {
  const counts = [
    ...groupBy(
      migrations.flatMap(({ tables }) => [...new Set(tables)]),
      (table) => table,
    ),
  ]
    .map(([table, times]) => ({ table, times: times.length }))
    .sort((a, b) => b.times - a.times);
  const total = sum(counts, ({ times }) => times);
  if (counts.length < 6 || total < 30) return [];
  const top = counts.slice(0, 3);
  const share = sum(top, ({ times }) => times) / total;
  if (share < (2 * top.length) / counts.length) return [];
  const names = top.map(({ table, times }) => `${table} (${times})`).join(', ');
  return [
    {
      id: 'hot-tables',
      kind: 'concentration',
      title: `Three of ${count(counts.length)} tables take ${roughly(share)} of all changes: ${names}`,
      severity: 'info',
      ...savedBy({}),
      numbers: { share: significant(share), tables: counts.length },
      evidence: {
        events: [],
        count: total,
        filter: { type: 'migration_execution', text: top[0]?.table ?? '' },
      },
    },
  ];
};

const finders: Finder[] = [failures, blockingIndexes, lostData, shortLivedColumns, hotTables];

function evidenceOf(
  migrations: readonly AnalysedMigration[],
  filter?: Insight['evidence']['filter'],
): Insight['evidence'] {
  return {
    events: migrations.slice(-50).map(({ eventId }) => eventId),
    count: migrations.length,
    ...(filter ? { filter } : {}),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
