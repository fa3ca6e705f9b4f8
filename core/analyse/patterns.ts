/**
 * Regularities in the migrations: tables that change together, what follows what, busy days, who fails where. Each comes
 * with its support, its effect and an interval.
 */
import type { Pattern } from '../contract/analysis.ts';
import { dominantGroup } from '../learn/features.ts';
import { groupBy, seededRandom, significant } from '../numbers.ts';
import { count, roughly } from '../report/format.ts';
import type { Steps } from '../steps.ts';
import { failureConcentrations } from './concentrations.ts';
import type { AnalysedMigration } from './migrations.ts';
import { fisher, newcombe } from './significance.ts';

/** Something that was looked for: how likely it is by chance, and how it reads where it holds. */
export interface Candidate<T> {
  p: number;
  /** Large enough to matter, whatever its p-value. */
  matters: boolean;
  tell: () => T;
}

export type PatternCandidate = Candidate<Omit<Pattern, 'p' | 'tested'>>;

const DAY = 86_400_000;
const FEWEST = 5;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const SHUFFLES = 199;
/** Follow-ups are looked for in so many of the newest migrations. */
const MOST_SHUFFLED = 2_000;

/** All that is looked for, whether it holds or not: whoever tells them judges them together. */
export function* patternCandidates(migrations: readonly AnalysedMigration[]): Steps<PatternCandidate[]> {
  const candidates: PatternCandidate[] = [];
  for (const find of [tablesTogether, successions, weekdays, failureConcentrations]) {
    for (const candidate of find(migrations)) candidates.push(candidate);
    yield;
  }
  candidates.push(...(yield* followUps(migrations)));
  return candidates;
}

/** Pairs of tables that change in one migration far more often than by chance: lift of at least 3, five times or more. */
function tablesTogether(migrations: readonly AnalysedMigration[]): PatternCandidate[] {
  const single = new Map<string, number>();
  const pairs = new Map<string, string[]>();
  for (const { tables, eventId } of migrations) {
    const names = [...new Set(tables)].sort().slice(0, 30);
    for (const [i, a] of names.entries()) {
      single.set(a, (single.get(a) ?? 0) + 1);
      for (const b of names.slice(i + 1)) {
        const known = pairs.get(`${a}\n${b}`);
        if (known) known.push(eventId);
        else pairs.set(`${a}\n${b}`, [eventId]);
      }
    }
  }
  const total = migrations.length;
  return [...pairs]
    .filter(([, events]) => events.length >= FEWEST)
    .map(([key, events]): PatternCandidate => {
      const [a = '', b = ''] = key.split('\n');
      const together = events.length;
      const [ofA, ofB] = [single.get(a) ?? 1, single.get(b) ?? 1];
      const lift = (together * total) / (ofA * ofB);
      const alone = ofB - together;
      return {
        p: fisher(together, ofA, alone, total - ofA),
        matters: lift >= 3,
        tell: () => ({
          id: `together:${a}:${b}`,
          kind: 'co_occurrence',
          title: `${a} and ${b} change together: in ${together} migrations, ${significant(lift, 2)} times as often as by chance`,
          support: together,
          strength: significant(lift),
          ...effectOf(together, ofA, alone, total - ofA),
          evidence: { events: events.slice(0, 50), count: together },
        }),
      };
    });
}

/** One kind of migration that is followed by another more often than the others are. */
function successions(migrations: readonly AnalysedMigration[]): PatternCandidate[] {
  const steps = [...groupBy(migrations, ({ workspace }) => workspace).values()].flatMap((own) =>
    own.slice(1).map((next, i) => ({
      first: dominantGroup(own[i] as AnalysedMigration),
      second: dominantGroup(next),
      eventId: next.eventId,
    })),
  );
  const after = groupBy(steps, ({ first }) => first);
  const seconds = groupBy(steps, ({ second }) => second);
  return [...after].flatMap(([first, own]) =>
    [...groupBy(own, ({ second }) => second)]
      .filter(([, hits]) => hits.length >= FEWEST)
      .map(([second, hits]): PatternCandidate => {
        const others = steps.length - own.length;
        const otherHits = (seconds.get(second)?.length ?? 0) - hits.length;
        const [share, otherShare] = [hits.length / own.length, others === 0 ? 0 : otherHits / others];
        return {
          p: others === 0 ? 1 : fisher(hits.length, own.length, otherHits, others),
          matters: share >= 0.25 && share >= 1.5 * otherShare,
          tell: () => ({
            id: `sequence:${first}:${second}`,
            kind: 'sequence',
            title: `After a migration about “${first}” comes one about “${second}” in ${hits.length} of ${own.length} cases (${roughly(share)}), otherwise in ${roughly(otherShare)}`,
            support: hits.length,
            strength: significant(share / Math.max(otherShare, 1 / Math.max(1, others))),
            ...effectOf(hits.length, own.length, otherHits, others),
            evidence: { events: hits.slice(-50).map(({ eventId }) => eventId), count: hits.length },
          }),
        };
      }),
  );
}

/**
 * How often a table that was changed is changed again within a day, beside the same migrations with their tables dealt
 * out anew: a busy day alone makes follow-ups too.
 */
function* followUps(all: readonly AnalysedMigration[]): Steps<PatternCandidate[]> {
  const migrations = all.filter(({ tables }) => tables.length > 0).slice(-MOST_SHUFFLED);
  const found = changedAgain(migrations, (i) => migrations[i]?.tables ?? []);
  const share = found.length / Math.max(1, migrations.length);
  if (found.length < FEWEST || share < 0.1) return [];
  const random = seededRandom(migrations.length);
  const dealt = migrations.map(({ tables }) => tables);
  let asMany = 0;
  let sum = 0;
  for (let round = 0; round < SHUFFLES; round++) {
    yield;
    for (let i = dealt.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [dealt[i], dealt[j]] = [dealt[j] ?? [], dealt[i] ?? []];
    }
    const by = changedAgain(migrations, (i) => dealt[i] ?? []).length;
    sum += by;
    if (by >= found.length) asMany++;
  }
  const byChance = sum / SHUFFLES;
  return [
    {
      p: (1 + asMany) / (1 + SHUFFLES),
      matters: found.length >= 1.2 * byChance,
      tell: () => ({
        id: 'follow-ups',
        kind: 'sequence',
        title: `${count(found.length)} of ${count(migrations.length)} migrations change a table again within a day of its last change; by chance it would be ${count(Math.round(byChance))}`,
        support: found.length,
        strength: significant(share),
        effect: significant((found.length - byChance) / migrations.length),
        evidence: { events: found.slice(-50), count: found.length },
      }),
    },
  ];
}

function changedAgain(
  migrations: readonly AnalysedMigration[],
  tablesOf: (i: number) => readonly string[],
): string[] {
  const lastChange = new Map<string, number>();
  const events: string[] = [];
  for (const [i, { at, eventId, workspace }] of migrations.entries()) {
    let again = false;
    for (const table of tablesOf(i)) {
      const before = lastChange.get(`${workspace} ${table}`);
      if (before !== undefined && at - before <= DAY && at > before) again = true;
      lastChange.set(`${workspace} ${table}`, at);
    }
    if (again) events.push(eventId);
  }
  return events;
}

/** A weekday with far more migrations than the others: Pearson’s chi-squared with six degrees of freedom. */
function weekdays(migrations: readonly AnalysedMigration[]): PatternCandidate[] {
  const counts = DAYS.map(() => 0);
  for (const { at } of migrations) {
    const day = new Date(at).getUTCDay();
    counts[day] = (counts[day] ?? 0) + 1;
  }
  const expected = migrations.length / 7;
  if (expected < 5) return [];
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const half = chi / 2;
  const most = counts.indexOf(Math.max(...counts));
  const support = counts[most] ?? 0;
  const weekend = (counts[0] ?? 0) + (counts[6] ?? 0);
  return [
    {
      p: Math.exp(-half) * (1 + half + (half * half) / 2),
      matters: support >= 1.25 * expected,
      tell: () => ({
        id: 'weekdays',
        kind: 'periodicity',
        title: `${DAYS[most]} is the busiest day (${count(support)} of ${count(migrations.length)} migrations); ${count(weekend)} fell on a weekend (UTC)`,
        support,
        strength: significant(support / migrations.length),
        effect: significant(support / migrations.length - 1 / 7),
        evidence: { events: [], count: migrations.length, filter: { type: 'migration_execution' } },
      }),
    },
  ];
}

/** Difference of two shares with its interval. */
export function effectOf(
  hits: number,
  total: number,
  otherHits: number,
  otherTotal: number,
): Required<Pick<Pattern, 'effect' | 'interval'>> {
  const { low, high } = newcombe(hits, total, otherHits, otherTotal);
  const effect = hits / Math.max(1, total) - otherHits / Math.max(1, otherTotal);
  return { effect: significant(effect), interval: { low: significant(low), high: significant(high) } };
}
