/** Groups by one factor that fail more often than the rest: one author, late hours, large migrations. */
import { groupBy, mean, significant } from '../numbers.ts';
import { roughly } from '../report/format.ts';
import { type Found, savedBy } from './insights.ts';
import type { AnalysedMigration } from './migrations.ts';
import type { Candidate } from './patterns.ts';
import { fisher, newcombe } from './significance.ts';

/** Failures in a group, and migrations outside of it, below which it is not told. */
const FEWEST_FAILED = 3;
const FEWEST_OTHERS = 10;
const HOUR = 3_600_000;

interface Factor {
  keyOf: (migration: AnalysedMigration) => string | undefined;
  words: (key: string) => string;
  /** Only these groups are told: of two that are each other's rest one says it all. */
  told?: string;
}

const FACTORS: readonly Factor[] = [
  {
    keyOf: ({ committedAt }) => {
      if (committedAt === undefined) return undefined;
      const hour = new Date(committedAt).getUTCHours();
      return hour >= 18 || hour < 6 ? 'night' : 'day';
    },
    words: () => 'Migrations committed between 18:00 and 06:00 UTC',
    told: 'night',
  },
  { keyOf: ({ author }) => author, words: (author) => `Migrations by ${author}` },
  {
    keyOf: ({ statements }) => (statements > 10 ? 'large' : 'small'),
    words: () => 'Migrations of more than 10 statements',
    told: 'large',
  },
];

/** To be judged together with everything else that was looked for. */
export function singleFactors(migrations: readonly AnalysedMigration[]): Candidate<Found>[] {
  return FACTORS.flatMap(({ keyOf, words, told }) => {
    const known = migrations.filter(
      (migration) => migration.failed !== undefined && keyOf(migration) !== undefined,
    );
    const allFailed = known.filter((migration) => migration.failed).length;
    return [...groupBy(known, keyOf)].flatMap(([key = '', group]): Candidate<Found>[] => {
      const others = known.length - group.length;
      if (others < FEWEST_OTHERS || (told !== undefined && key !== told)) return [];
      const failed = group.filter((migration) => migration.failed);
      const otherFailed = allFailed - failed.length;
      const { low, high } = newcombe(failed.length, group.length, otherFailed, others);
      const rest = { failed: otherFailed, total: others };
      return [
        {
          p: fisher(failed.length, group.length, otherFailed, others),
          matters: failed.length >= FEWEST_FAILED && low > 0,
          tell: () => insight(key, words(key), { failed, total: group.length }, rest, { low, high }),
        },
      ];
    });
  });
}

function insight(
  key: string,
  words: string,
  { failed, total }: { failed: readonly AnalysedMigration[]; total: number },
  others: { failed: number; total: number },
  { low, high }: { low: number; high: number },
): Found {
  const usual = others.failed / others.total;
  const avoided = failed.length - total * usual;
  const durations = failed.flatMap(({ durationMs }) => (durationMs === undefined ? [] : [durationMs]));
  return {
    id: `fails-more:${key}`,
    kind: 'risk',
    title:
      `${words} fail in ${roughly(failed.length / total)} of ${total} cases, others in ${roughly(usual)} of ${others.total} ` +
      `(95 % interval of the difference ${roughly(low)} to ${roughly(high)})`,
    severity: 'warning',
    ...savedBy({
      failures: avoided,
      hours: durations.length === 0 ? 0 : (avoided * mean(durations)) / HOUR,
    }),
    numbers: { failed: failed.length, total, low: significant(low), high: significant(high) },
    evidence: { events: failed.slice(-50).map(({ eventId }) => eventId), count: failed.length },
  };
}
