/** Puts an analysis together: reads the migrations of a timeframe and asks every finder. */
import type { Prediction, TelemetryAIAnalysis } from '../contract/analysis.ts';
import type { EventFilter } from '../contract/methods.ts';
import { clamp, quantile, significant, wilson } from '../numbers.ts';
import type { Steps } from '../steps.ts';
import { spanOfEvents } from '../store/aggregates.ts';
import type { EventReader } from '../store/event-reader.ts';
import { findAnomalies } from './anomalies.ts';
import { type ActiveModels, unlikeAnyOther, usagePatterns } from './by-models.ts';
import { findingsOf } from './findings.ts';
import { type AnalysedMigration, migrationsOf } from './migrations.ts';
import { findTrends } from './trends.ts';

export type Timeframe = Pick<EventFilter, 'from' | 'to' | 'workspace'>;

/** Migrations at which an analysis is half sure. */
const HALF_SURE = 20;
const MOST_ANOMALIES = 50;

/**
 * Without `from` from the first event on, without `to` until now. In steps: a long history must not hold anybody up.
 */
export function* analyse(
  reader: EventReader,
  params: Timeframe,
  now: number,
  id: string,
  models: ActiveModels,
): Steps<TelemetryAIAnalysis> {
  const { first, count } = spanOfEvents(reader, params);
  const from = params.from ? Date.parse(params.from) : (first ?? now);
  const to = params.to ? Date.parse(params.to) : Math.max(now, from + 1);
  yield;
  const { migrations, total } = yield* migrationsOf(reader, params);
  const known = migrations.filter(({ failed }) => failed !== undefined);
  const newest =
    total > migrations.length ? `; the newest ${migrations.length} of ${total} are looked at` : '';
  const { insights, recommendations, patterns } = yield* findingsOf(migrations);
  const anomalies = yield* findAnomalies(migrations);
  const unlike = models.anomaly ? yield* unlikeAnyOther(models.anomaly, migrations) : [];
  const usage = models.usage ? yield* usagePatterns(models.usage, migrations) : [];
  const trends = yield* findTrends(migrations);
  return {
    id,
    generatedAt: new Date(now).toISOString(),
    timeframe: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    ...(params.workspace ? { workspace: params.workspace } : {}),
    eventsAnalysed: count,
    confidence: significant(known.length / (known.length + HALF_SURE)),
    confidenceReason: `${known.length} migrations with a known outcome; ${HALF_SURE} would make it 50 %${newest}`,
    insights,
    recommendations,
    patterns: [...patterns, ...usage],
    anomalies: [...anomalies, ...unlike].slice(0, MOST_ANOMALIES),
    trends,
    predictions: expectations(known),
  };
}

/** What the next migration will be like if it is like the last fifty. */
function expectations(known: readonly AnalysedMigration[]): Prediction[] {
  const recent = known.slice(-50);
  if (recent.length < 10) return [];
  const failed = recent.filter((migration) => migration.failed).length;
  const rate = wilson(failed, recent.length);
  const durations = recent.flatMap(({ durationMs, failed: bad }) => (durationMs && !bad ? [durationMs] : []));
  const confidence = significant(recent.length / (recent.length + HALF_SURE));
  const basis = [`the last ${recent.length} migrations`];
  const predictions: Prediction[] = [
    {
      id: 'next-failure',
      subject: 'next migration',
      title: 'Chance that the next migration fails',
      value: significant(clamp((failed + 1) / (recent.length + 2), 0, 1)),
      low: significant(rate.low),
      high: significant(rate.high),
      unit: 'probability',
      confidence,
      basis,
    },
  ];
  if (durations.length >= 10) {
    predictions.push({
      id: 'next-duration',
      subject: 'next migration',
      title: 'How long the next migration takes',
      value: significant(quantile(durations, 0.5)),
      low: significant(quantile(durations, 0.1)),
      high: significant(quantile(durations, 0.9)),
      unit: 'ms',
      confidence,
      basis,
    });
  }
  return predictions;
}
