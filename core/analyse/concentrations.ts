/**
 * Where failures gather: one author after hours, a table, an operation, a weekday. What single authors, late hours and
 * large migrations do by themselves is told by the insights.
 */
import type { Pattern } from '../contract/analysis.ts';
import { groupOf } from '../learn/features.ts';
import { significant, wilson } from '../numbers.ts';
import { roughly } from '../report/format.ts';
import type { AnalysedMigration } from './migrations.ts';
import { effectOf, type PatternCandidate } from './patterns.ts';
import { fisher } from './significance.ts';

/** Migrations of a group, and failures in it, below which it is not looked at. */
const FEWEST = 8;
const FEWEST_FAILED = 3;
/** How many times as often a group must fail to be told. */
const LEAST_RATIO = 2;
const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

/** A group that a migration belongs to, and what its members are called. */
interface Group {
  key: string;
  words: string;
}

export function failureConcentrations(migrations: readonly AnalysedMigration[]): PatternCandidate[] {
  const known = migrations.filter(({ failed }) => failed !== undefined);
  const allFailed = known.filter(({ failed }) => failed).length;
  if (allFailed < FEWEST_FAILED) return [];
  const groups = new Map<string, { words: string; members: AnalysedMigration[] }>();
  for (const migration of known) {
    for (const { key, words } of groupsOf(migration)) {
      const group = groups.get(key) ?? { words, members: [] };
      group.members.push(migration);
      groups.set(key, group);
    }
  }
  return [...groups].flatMap(([key, { words, members }]): PatternCandidate[] => {
    const others = known.length - members.length;
    if (members.length < FEWEST || others < FEWEST) return [];
    const failed = members.filter((migration) => migration.failed);
    const otherFailed = allFailed - failed.length;
    const [share, otherShare] = [failed.length / members.length, otherFailed / others];
    return [
      {
        p: fisher(failed.length, members.length, otherFailed, others),
        matters: failed.length >= FEWEST_FAILED && share >= LEAST_RATIO * otherShare,
        tell: () => told(key, words, failed, members.length, otherFailed, others),
      },
    ];
  });
}

function told(
  key: string,
  words: string,
  failed: readonly AnalysedMigration[],
  total: number,
  otherFailed: number,
  others: number,
): Omit<Pattern, 'p' | 'tested'> {
  const { low, high } = wilson(failed.length, total);
  const ratio = failed.length / total / (otherFailed / others);
  const times = otherFailed === 0 ? '' : ` ${significant(ratio, 2)} times as often`;
  return {
    id: `fails:${key}`,
    kind: 'concentration',
    title:
      `${words} fail${times}: ${failed.length} of ${total} ` +
      `(95 % interval ${roughly(low)} to ${roughly(high)}), ${otherFailed} of ${others} otherwise`,
    support: failed.length,
    strength: significant(Number.isFinite(ratio) ? ratio : failed.length),
    ...effectOf(failed.length, total, otherFailed, others),
    evidence: { events: failed.slice(-50).map(({ eventId }) => eventId), count: failed.length },
  };
}

function groupsOf(migration: AnalysedMigration): Group[] {
  const { author, committedAt, at, tables, operations } = migration;
  const when = new Date(committedAt ?? at);
  const hour = when.getUTCHours();
  const late = hour >= 18 || hour < 6;
  const kinds = new Set(Object.keys(operations).map(groupOf));
  return [
    ...(author && committedAt !== undefined
      ? [
          {
            key: `author:${author}:${late ? 'late' : 'day'}`,
            words: `Migrations of ${author} between ${late ? '18:00 and 06:00' : '06:00 and 18:00'} UTC`,
          },
        ]
      : []),
    { key: `day:${when.getUTCDay()}`, words: `Migrations on ${DAYS[when.getUTCDay()]}` },
    ...[...new Set(tables)].map((table) => ({ key: `table:${table}`, words: `Migrations of ${table}` })),
    ...[...kinds].map((kind) => ({ key: `kind:${kind}`, words: `Migrations with “${kind}” operations` })),
  ];
}
