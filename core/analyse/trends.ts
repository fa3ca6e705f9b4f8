/** Trends over weeks: Theil–Sen slope (Sen 1968), with the Mann–Kendall test (Mann 1945) for how sure it is. */
import type { Trend } from '../contract/analysis.ts';
import { groupBy, median, significant } from '../numbers.ts';
import type { AnalysedMigration } from './migrations.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const FEWEST_POINTS = 8;
/** Slopes use all pairs; more points than this are thinned to the latest. */
const MOST_POINTS = 400;

interface Point {
  at: number;
  value: number;
}

/** Trends of the migrations of a timeframe; only of series with at least eight weeks. */
export function findTrends(migrations: readonly AnalysedMigration[]): Trend[] {
  const first = migrations[0];
  const last = migrations.at(-1);
  if (!first || !last) return [];
  const weeks = groupBy(migrations, ({ at }) => Math.floor(at / WEEK));
  const from = Math.floor(first.at / WEEK);
  const to = Math.floor(last.at / WEEK);
  const counts: Point[] = [];
  for (let week = from; week <= to; week++)
    counts.push({ at: week * WEEK, value: weeks.get(week)?.length ?? 0 });
  const perMigration = (value: (migration: AnalysedMigration) => number | undefined): Point[] =>
    migrations.flatMap((migration) => {
      const found = value(migration);
      return found === undefined ? [] : [{ at: migration.at, value: found }];
    });
  const durations = perMigration(({ failed, durationMs }) =>
    failed === false && durationMs ? Math.log(durationMs) : undefined,
  );
  const statements = perMigration((migration) => migration.statements);
  return [
    trend('migrations per week', 'migrations per week', counts),
    trend('duration of migrations', 'ln ms', durations),
    trend('statements per migration', 'statements', statements),
  ].filter((found) => found !== undefined);
}

function trend(series: string, unit: string, all: Point[]): Trend | undefined {
  const points = all.slice(-MOST_POINTS);
  if (points.length < FEWEST_POINTS) return undefined;
  const slopes: number[] = [];
  let s = 0;
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const [a, b] = [points[i] as Point, points[j] as Point];
      s += Math.sign(b.value - a.value);
      if (b.at > a.at) slopes.push((b.value - a.value) / ((b.at - a.at) / DAY));
    }
  }
  const changePerDay = slopes.length === 0 ? 0 : median(slopes);
  const confidence = 1 - mannKendallP(s, points);
  const sure = confidence >= 0.95 && changePerDay !== 0;
  const direction = !sure ? 'steady' : changePerDay > 0 ? 'rising' : 'falling';
  const days = ((points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0)) / DAY;
  return {
    id: `trend:${series}`,
    series,
    title: titleOf(series, unit, direction, changePerDay, days),
    direction,
    changePerDay: significant(changePerDay),
    unit,
    points: points.length,
    confidence: significant(confidence),
  };
}

/** Two-sided p-value by the normal approximation, with the correction for ties. */
function mannKendallP(s: number, points: readonly Point[]): number {
  const n = points.length;
  const ties = [...groupBy(points, ({ value }) => value).values()].map((group) => group.length);
  const tieSum = ties.reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
  const variance = (n * (n - 1) * (2 * n + 5) - tieSum) / 18;
  if (variance <= 0) return 1;
  const z = (s - Math.sign(s)) / Math.sqrt(variance);
  return 2 * (1 - normalCdf(Math.abs(z)));
}

/** Abramowitz & Stegun 26.2.17; error below 7.5e-8. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}

function titleOf(
  series: string,
  unit: string,
  direction: Trend['direction'],
  perDay: number,
  days: number,
): string {
  const subject = series.charAt(0).toUpperCase() + series.slice(1);
  const over = `over ${Math.round(days)} days`;
  if (direction === 'steady') return `${subject}: no clear change ${over}`;
  const verb = direction === 'rising' ? 'rose' : 'fell';
  if (unit === 'ln ms')
    return `${subject} ${verb} by a factor of ${significant(Math.exp(Math.abs(perDay) * days), 2)} ${over}`;
  return `${subject} ${verb} by about ${significant(Math.abs(perDay) * days, 2)} ${over}`;
}
