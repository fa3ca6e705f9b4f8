/** Regularities in the migrations: tables that change together, changes that are soon followed by another, busy days. */
import type { Pattern } from '../contract/analysis.ts';
import { significant } from '../numbers.ts';
import type { AnalysedMigration } from './migrations.ts';

const DAY = 86_400_000;
const FEWEST = 5;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function findPatterns(migrations: readonly AnalysedMigration[]): Pattern[] {
  return [...tablesTogether(migrations), ...followUps(migrations), ...weekdays(migrations)];
}

/** Pairs of tables that change in one migration far more often than by chance: lift of at least 3, five times or more. */
function tablesTogether(migrations: readonly AnalysedMigration[]): Pattern[] {
  const single = new Map<string, number>();
  const pairs = new Map<string, string[]>();
  for (const { tables, eventId } of migrations) {
    const names = [...new Set(tables)].sort().slice(0, 30);
    for (const [i, a] of names.entries()) {
      single.set(a, (single.get(a) ?? 0) + 1);
      for (const b of names.slice(i + 1))
        pairs.set(`${a}\n${b}`, [...(pairs.get(`${a}\n${b}`) ?? []), eventId]);
    }
  }
  const found = [...pairs].flatMap(([key, events]): Pattern[] => {
    const [a = '', b = ''] = key.split('\n');
    const together = events.length;
    const lift = (together * migrations.length) / ((single.get(a) ?? 1) * (single.get(b) ?? 1));
    if (together < FEWEST || lift < 3) return [];
    return [
      {
        id: `together:${a}:${b}`,
        kind: 'co_occurrence',
        title: `${a} and ${b} change together: in ${together} migrations, ${significant(lift, 2)} times as often as by chance`,
        support: together,
        strength: significant(lift),
        evidence: { events: events.slice(0, 50), count: together },
      },
    ];
  });
  return found
    .sort((x, y) => y.support * Math.log(y.strength) - x.support * Math.log(x.strength))
    .slice(0, 5);
}

/** How often a table that was changed is changed again within a day. */
function followUps(migrations: readonly AnalysedMigration[]): Pattern[] {
  const lastChange = new Map<string, number>();
  const events: string[] = [];
  let candidates = 0;
  for (const { tables, at, eventId } of migrations) {
    const again = tables.some((table) => {
      const before = lastChange.get(table);
      return before !== undefined && at - before <= DAY && at > before;
    });
    if (tables.length > 0) candidates++;
    if (again) events.push(eventId);
    for (const table of tables) lastChange.set(table, at);
  }
  const share = events.length / Math.max(1, candidates);
  if (events.length < FEWEST || share < 0.1) return [];
  return [
    {
      id: 'follow-ups',
      kind: 'sequence',
      title: `${events.length} of ${candidates} migrations change a table again within a day of its last change`,
      support: events.length,
      strength: significant(share),
      evidence: { events: events.slice(0, 50), count: events.length },
    },
  ];
}

/** A weekday with far more migrations than the others: chi-squared with 6 degrees of freedom above 16.8 (p < 0.01). */
function weekdays(migrations: readonly AnalysedMigration[]): Pattern[] {
  const counts = DAYS.map(() => 0);
  for (const { at } of migrations) {
    const day = new Date(at).getUTCDay();
    counts[day] = (counts[day] ?? 0) + 1;
  }
  const expected = migrations.length / 7;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const most = counts.indexOf(Math.max(...counts));
  const support = counts[most] ?? 0;
  if (expected < 5 || chi < 16.8) return [];
  const weekend = (counts[0] ?? 0) + (counts[6] ?? 0);
  return [
    {
      id: 'weekdays',
      kind: 'periodicity',
      title: `${DAYS[most]} is the busiest day (${support} of ${migrations.length} migrations); ${weekend} fell on a weekend (UTC)`,
      support,
      strength: significant(support / migrations.length),
      evidence: { events: [], count: migrations.length, filter: { type: 'migration_execution' } },
    },
  ];
}
