/**
 * Anomalies in migration durations and failures. One pass in order of time: each value is judged by those before it
 * only, so a prefix of the history gives the same answers as the whole.
 */
import type { Anomaly } from '../contract/analysis.ts';
import { dominantGroup } from '../learn/features.ts';
import { clamp, significant } from '../numbers.ts';
import type { Steps } from '../steps.ts';
import type { AnalysedMigration } from './migrations.ts';
import { SortedWindow } from './sorted-window.ts';

/** Values of a series before the first is judged. */
const WARM_UP = 10;
/** Values remembered for each series. */
const MEMORY = 200;
/** Robust deviations from the median at which a value stands out. */
const THRESHOLD = 4;
/** And it must be this many times the median, so that microseconds do not count. */
const FACTOR = 3;
const FAILURE_WINDOW = 8;

export function* findAnomalies(migrations: readonly AnalysedMigration[]): Steps<Anomaly[]> {
  const slow = yield* slowRuns(migrations);
  return [...slow, ...failureBursts(migrations)].sort((a, b) => b.score - a.score);
}

/**
 * Durations by main kind of operation, on a log scale: distance from the running median in scaled median absolute
 * deviations (Iglewicz & Hoaglin 1993).
 */
function* slowRuns(migrations: readonly AnalysedMigration[]): Steps<Anomaly[]> {
  const found: Anomaly[] = [];
  const memory = new Map<string, SortedWindow>();
  for (const migration of migrations) {
    yield;
    if (!migration.durationMs || migration.failed !== false) continue;
    const series = dominantGroup(migration);
    const known = memory.get(series) ?? new SortedWindow(MEMORY);
    memory.set(series, known);
    const log = Math.log(migration.durationMs);
    if (known.length >= WARM_UP) {
      const centre = known.quantile(0.5);
      const spread = Math.max(0.15, 1.4826 * known.medianDistance(centre));
      const distance = (log - centre) / spread;
      const ratio = migration.durationMs / Math.exp(centre);
      if (distance > THRESHOLD && ratio > FACTOR) found.push(slow(migration, series, known, distance, ratio));
    }
    known.push(log);
  }
  return found;
}

function slow(
  migration: AnalysedMigration,
  series: string,
  known: SortedWindow,
  distance: number,
  ratio: number,
): Anomaly {
  const at = (p: number) => significant(Math.exp(known.quantile(p)));
  return {
    id: `duration:${migration.eventId}`,
    series: `duration of ${series} migrations`,
    at: new Date(migration.at).toISOString(),
    value: significant(migration.durationMs ?? 0),
    expected: { low: at(0.05), median: at(0.5), high: at(0.95) },
    unit: 'ms',
    score: clamp(significant(1 - Math.exp(-distance / (2 * THRESHOLD))), 0, 1),
    severity: ratio > 20 ? 'error' : 'warning',
    title: `${migration.name} took ${significant(ratio, 2)} times as long as is usual for its kind`,
    eventId: migration.eventId,
    evidence: { events: [migration.eventId], count: 1 },
  };
}

/** Three or more of the last eight migrations failed, where fewer than one in ten did before. */
function failureBursts(migrations: readonly AnalysedMigration[]): Anomaly[] {
  const found: Anomaly[] = [];
  const known = migrations.filter(({ failed }) => failed !== undefined);
  let failuresBefore = 0;
  let inBurst = false;
  for (let i = 0; i < known.length; i++) {
    const window = known.slice(Math.max(0, i - FAILURE_WINDOW + 1), i + 1);
    const failed = window.filter((migration) => migration.failed);
    const earlier = i + 1 - window.length;
    const rate = earlier === 0 ? 0 : failuresBefore / earlier;
    const burst = failed.length >= 3 && earlier >= WARM_UP && rate < 0.1;
    const last = known[i];
    if (burst && !inBurst && last) {
      found.push({
        id: `failures:${last.eventId}`,
        series: 'failed migrations',
        at: new Date(last.at).toISOString(),
        value: failed.length,
        expected: {
          low: 0,
          median: significant(rate * window.length),
          high: Math.ceil(rate * window.length + 1),
        },
        unit: `of the last ${window.length}`,
        score: clamp(failed.length / window.length + 0.3, 0, 1),
        severity: 'error',
        title: `${failed.length} of ${window.length} migrations in a row failed; ${significant(rate * 100, 2)} % did before`,
        eventId: last.eventId,
        evidence: { events: failed.map(({ eventId }) => eventId), count: failed.length },
      });
    }
    inBurst = burst;
    const leaving = known[i - FAILURE_WINDOW + 1];
    if (leaving?.failed) failuresBefore++;
  }
  return found;
}
