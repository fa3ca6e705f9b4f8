/**
 * Trends over weeks: Theil–Sen slope (Sen 1968), with the Mann–Kendall test (Mann 1945) for how sure it is; steps in the
 * level; what the next weeks will be.
 */
import type { Trend } from '../contract/analysis.ts';
import { groupBy, median, significant } from '../numbers.ts';
import type { Steps } from '../steps.ts';
import { changePoint } from './change-point.ts';
import { forecast } from './forecast.ts';
import type { AnalysedMigration } from './migrations.ts';
import { twoSided } from './significance.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const FEWEST_POINTS = 8;
/** Slopes use all pairs; more points than this are thinned to the latest. */
const MOST_POINTS = 400;
/** Weeks that are drawn. */
const MOST_WEEKS = 60;
const STEP_P = 0.01;

interface Point {
  at: number;
  value: number;
}

/** Trends of the migrations of a timeframe; only of series with at least eight points. */
export function* findTrends(migrations: readonly AnalysedMigration[]): Steps<Trend[]> {
  const first = migrations[0];
  const last = migrations.at(-1);
  if (!first || !last) return [];
  const weeks = groupBy(migrations, ({ at }) => Math.floor(at / WEEK));
  const from = Math.floor(first.at / WEEK);
  const to = Math.floor(last.at / WEEK);
  const weekly = (value: (own: readonly AnalysedMigration[]) => number | undefined): Point[] => {
    const points: Point[] = [];
    for (let week = from; week <= to; week++) {
      const found = value(weeks.get(week) ?? []);
      if (found !== undefined) points.push({ at: week * WEEK, value: found });
    }
    return points;
  };
  const perMigration = (value: (migration: AnalysedMigration) => number | undefined): Point[] =>
    migrations.flatMap((migration) => {
      const found = value(migration);
      return found === undefined ? [] : [{ at: migration.at, value: found }];
    });
  const logDuration = ({ failed, durationMs }: AnalysedMigration) =>
    failed === false && durationMs ? Math.log(durationMs) : undefined;
  const counts = weekly((own) => own.length);
  const found: (Trend | undefined)[] = [];
  found.push(trend('migrations per week', 'migrations per week', counts, counts));
  yield;
  found.push(
    trend('duration of migrations', 'ln ms', perMigration(logDuration), weekly(medianOf(logDuration)), {
      unit: 'ms',
      shown: Math.exp,
    }),
  );
  yield;
  found.push(
    trend(
      'statements per migration',
      'statements',
      perMigration((migration) => migration.statements),
      weekly(medianOf((migration) => migration.statements)),
    ),
  );
  return found.filter((one) => one !== undefined);
}

function medianOf(value: (migration: AnalysedMigration) => number | undefined) {
  return (own: readonly AnalysedMigration[]) => {
    const known = own.map(value).filter((one) => one !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
}

function trend(
  series: string,
  unit: string,
  all: Point[],
  weekly: Point[],
  scale: Scale = { unit, shown: (value) => value },
): Trend | undefined {
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
  const step = stepOf(points, scale);
  return {
    id: `trend:${series}`,
    series,
    title: titleOf(series, unit, direction, changePerDay, days) + stepText(step, scale),
    direction,
    changePerDay: significant(changePerDay),
    unit,
    points: points.length,
    confidence: significant(confidence),
    ...(step ? { changePoint: step } : {}),
    ...expected(weekly, scale),
  };
}

/** How values are shown: what is judged by its logarithm is shown as it is. */
interface Scale {
  unit: string;
  shown: (value: number) => number;
}

/** A step in the level that chance makes in fewer than one of a hundred series. */
function stepOf(points: readonly Point[], { shown }: Scale): Trend['changePoint'] {
  const values = points.map(({ value }) => value);
  const found = changePoint(values);
  if (!found || found.p >= STEP_P) return undefined;
  const [before, after] = [median(values.slice(0, found.index)), median(values.slice(found.index))];
  if (before === after) return undefined;
  return {
    at: new Date(points[found.index]?.at ?? 0).toISOString(),
    before: significant(shown(before)),
    after: significant(shown(after)),
    p: significant(found.p, 2),
  };
}

function stepText(step: Trend['changePoint'], { unit }: Scale): string {
  return step
    ? `; the level stepped from ${step.before} to ${step.after} ${unit} around ${step.at.slice(0, 10)}`
    : '';
}

/** By week, without the last one, which may not be over; and what the next weeks will be. */
function expected(weekly: readonly Point[], { unit, shown }: Scale): Partial<Trend> {
  const whole = weekly.slice(0, -1);
  const figure = (value: number) => significant(shown(value));
  const history = whole
    .slice(-MOST_WEEKS)
    .map(({ at, value }) => ({ at: new Date(at).toISOString(), value: figure(value) }));
  const coming = forecast(whole.map(({ value }) => value));
  const last = whole.at(-1);
  if (!coming || !last) return history.length > 0 ? { shownUnit: unit, history } : {};
  const usual = median(whole.map(({ value }) => value));
  // An error on a logarithmic scale is a factor; shown as what it is at the usual level.
  const error = (size: number) => significant(shown(usual + size) - shown(usual));
  const { ahead, backtest } = coming;
  return {
    shownUnit: unit,
    history,
    forecast: ahead.map(({ value, low, high }, i) => ({
      at: new Date(last.at + (i + 1) * WEEK).toISOString(),
      value: figure(value),
      low: Math.max(0, figure(low)),
      high: figure(high),
    })),
    backtest: {
      forecasts: backtest.forecasts,
      error: error(backtest.error),
      naiveError: error(backtest.naiveError),
      coverage: significant(backtest.coverage),
    },
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
  return twoSided(z);
}

function titleOf(
  series: string,
  unit: string,
  direction: Trend['direction'],
  perDay: number,
  days: number,
): string {
  const subject = series.charAt(0).toUpperCase() + series.slice(1);
  const over = `over ${Math.round(days).toLocaleString('en-US')} days`;
  if (direction === 'steady') return `${subject}: no clear change ${over}`;
  const verb = direction === 'rising' ? 'rose' : 'fell';
  if (unit === 'ln ms')
    return `${subject} ${verb} by a factor of ${significant(Math.exp(Math.abs(perDay) * days), 2)} ${over}`;
  return `${subject} ${verb} by about ${significant(Math.abs(perDay) * days, 2)} ${over}`;
}
