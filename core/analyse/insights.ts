/**
 * Insights: sentences that a developer would act on, each with its numbers and the events it stands on. Each finder
 * answers for one question and says nothing where the numbers do not carry it.
 */
import type { Insight, Recommendation } from '../contract/analysis.ts';
import { groupBy, significant, wilson } from '../numbers.ts';
import type { AnalysedMigration } from './migrations.ts';

const DAY = 86_400_000;

interface Found extends Insight {
  /** What to do about it. */
  action?: string;
}

type Finder = (migrations: readonly AnalysedMigration[]) => Found[];

/** Strongest first. */
export function findInsights(migrations: readonly AnalysedMigration[]): {
  insights: Insight[];
  recommendations: Recommendation[];
} {
  const found = finders.flatMap((find) => find(migrations)).sort((a, b) => b.impact - a.impact);
  return {
    insights: found.map(({ action: _, ...insight }) => insight),
    recommendations: found.flatMap(({ id, title, action }) =>
      action ? [{ id: `do:${id}`, action, because: title, insight: id }] : [],
    ),
  };
}

const failures: Finder = (migrations) => {
  const known = migrations.filter(({ failed }) => failed !== undefined);
  const failed = known.filter((migration) => migration.failed);
  if (failed.length === 0 || known.length === 0) return [];
  const causes = [...groupBy(failed, ({ sqlState }) => sqlState ?? 'unknown')].sort(
    (a, b) => b[1].length - a[1].length,
  );
  const [state, most = []] = causes[0] ?? ['unknown', []];
  const { low, high } = wilson(failed.length, known.length);
  return [
    {
      id: 'failures',
      kind: 'failures',
      title:
        `${failed.length} of ${known.length} migrations failed (${percent(failed.length / known.length)}); ` +
        `the most common cause is SQLSTATE ${state} (${most.length}): ${shorten(most[0]?.message ?? 'no message')}`,
      severity: failed.length / known.length > 0.05 ? 'error' : 'warning',
      impact: 100 + failed.length,
      numbers: { failed: failed.length, total: known.length, low: significant(low), high: significant(high) },
      evidence: evidenceOf(failed, { type: 'migration_execution', status: 'error' }),
      action:
        'Read the failed migrations first: each shows the statement, the line and the database’s own message.',
    },
  ];
};

const blockingIndexes: Finder = (migrations) => {
  const blocking = migrations.filter(({ indexes }) => indexes.blocking > 0);
  const count = sum(blocking, ({ indexes }) => indexes.blocking);
  const total = count + sum(migrations, ({ indexes }) => indexes.concurrent);
  if (count < 2) return [];
  return [
    {
      id: 'blocking-indexes',
      kind: 'locking',
      title: `${count} of ${total} indexes on existing tables were built without CONCURRENTLY, which blocks writes meanwhile`,
      severity: 'warning',
      impact: 40 + count,
      numbers: { blocking: count, total },
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
      title: `${losing.length} of ${migrations.length} migrations lose data (${operations} drops, deletes or truncations)`,
      severity: 'info',
      impact: 15 + losing.length / 10,
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
      title: `${gone.length} of ${total} columns added were dropped within 30 days, for example ${gone.at(-1)?.object}`,
      severity: 'info',
      impact: 10 + (50 * gone.length) / total,
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
      title: `Three of ${counts.length} tables take ${percent(share)} of all changes: ${names}`,
      severity: 'info',
      impact: 20 * share,
      numbers: { share: significant(share), tables: counts.length },
      evidence: {
        events: [],
        count: total,
        filter: { type: 'migration_execution', text: top[0]?.table ?? '' },
      },
    },
  ];
};

/** One group fails clearly more often than the rest: the 95 % intervals of the two shares do not overlap. */
function failsMoreOften(
  migrations: readonly AnalysedMigration[],
  keyOf: (migration: AnalysedMigration) => string | undefined,
  words: (key: string) => string,
): Found[] {
  const known = migrations.filter(
    (migration) => migration.failed !== undefined && keyOf(migration) !== undefined,
  );
  return [...groupBy(known, keyOf)].flatMap(([key, group]): Found[] => {
    const failed = group.filter((migration) => migration.failed);
    const othersTotal = known.length - group.length;
    const othersFailed = known.filter((migration) => migration.failed).length - failed.length;
    const mine = wilson(failed.length, group.length);
    const rest = wilson(othersFailed, othersTotal);
    if (failed.length < 3 || othersTotal < 10 || mine.low <= rest.high) return [];
    const title =
      `${words(key ?? '')} fail in ${percent(failed.length / group.length)} of ${group.length} cases ` +
      `(95 % interval ${percent(mine.low)} to ${percent(mine.high)}), others in ${percent(othersFailed / othersTotal)}`;
    return [
      {
        id: `fails-more:${key}`,
        kind: 'risk',
        title,
        severity: 'warning',
        impact: 30 + failed.length,
        numbers: {
          failed: failed.length,
          total: group.length,
          low: significant(mine.low),
          high: significant(mine.high),
        },
        evidence: evidenceOf(failed),
      },
    ];
  });
}

const lateHours: Finder = (migrations) =>
  failsMoreOften(
    migrations,
    ({ committedAt }) => {
      if (committedAt === undefined) return undefined;
      const hour = new Date(committedAt).getUTCHours();
      return hour >= 18 || hour < 6 ? 'night' : 'day';
    },
    (key) =>
      key === 'night'
        ? 'Migrations committed between 18:00 and 06:00 UTC'
        : 'Migrations committed between 06:00 and 18:00 UTC',
  ).filter(({ id }) => id.endsWith('night'));

const authors: Finder = (migrations) =>
  failsMoreOften(
    migrations,
    ({ author }) => author,
    (author) => `Migrations by ${author}`,
  );

const sizes: Finder = (migrations) =>
  failsMoreOften(
    migrations,
    ({ statements }) => (statements > 10 ? 'large' : 'small'),
    (key) =>
      key === 'large' ? 'Migrations of more than 10 statements' : 'Migrations of up to 10 statements',
  ).filter(({ id }) => id.endsWith('large'));

const finders: Finder[] = [
  failures,
  blockingIndexes,
  lostData,
  shortLivedColumns,
  hotTables,
  lateHours,
  authors,
  sizes,
];

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

function percent(share: number): string {
  return `${significant(share * 100, 2)} %`;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
