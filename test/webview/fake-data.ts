/** A made-up engine that says the same each time: sixty migrations in two workspaces until {@link NOW}. */
import type { Alert } from '../../core/contract/alert.ts';
import type { Anomaly } from '../../core/contract/analysis.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';
import type { EventFilter } from '../../core/contract/methods.ts';
import type { MigrationStory, MigrationSummary } from '../../core/contract/migration-story.ts';
import type { AnomalyVerdict, SeriesDetail, SeriesInfo } from '../../core/contract/series.ts';
import { derivedUuid } from '../../core/events/ids.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { matches } from '../../webview/events/filter.ts';
import { BILLING, FAILURE, history, SHOP } from './data.ts';
import type { Answers } from './fake-host.ts';

/** What the clock of these pages says. */
export const NOW = '2026-11-20T12:00:00.000Z';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.parse(NOW);

/** An id that is the same each time. */
export function idOf(name: string): string {
  return derivedUuid(now, nodePlatform.sha256(name));
}

/** Every event of the sixty migrations, newest first. */
export function storedEvents(migrations = 60): TelemetryEvent[] {
  return history(migrations, now)
    .events.map(
      (input, i): TelemetryEvent => ({
        ...input,
        id: input.id ?? idOf(`event ${i}`),
        timestamp: input.timestamp ?? NOW,
        metadata: input.metadata ?? {},
        sequence: i + 1,
      }),
    )
    .sort((a, b) => b.timestamp.localeCompare(a.timestamp) || b.sequence - a.sequence);
}

/** Answers about events from a list of them, newest first. */
export function eventAnswers(events: readonly TelemetryEvent[]): Answers {
  return {
    'events.list': ({ cursor, limit = 50, order, ...filter }) => {
      const found = events.filter((event) => matches(event, filter as EventFilter));
      if (order === 'oldest') found.reverse();
      const from = Number(cursor ?? 0);
      const items = found.slice(from, from + limit);
      return { items, ...(from + limit < found.length ? { nextCursor: String(from + limit) } : {}) };
    },
    'events.get': ({ id }) => {
      const found = events.find((event) => event.id === id);
      if (!found) throw new TelemetryError('not-found', 'There is no such event.');
      return found;
    },
    'events.histogram': ({ buckets: count = 60, from, to, ...filter }) => {
      const found = events.filter((event) =>
        matches(event, { ...filter, ...(from ? { from } : {}), ...(to ? { to } : {}) }),
      );
      const start = Date.parse(from ?? found.at(-1)?.timestamp ?? NOW);
      const end = Date.parse(to ?? NOW);
      const bucketMs = Math.max(1_000, Math.ceil((end - start) / count));
      const buckets = Array.from({ length: count }, (_, i) => ({
        at: new Date(start + i * bucketMs).toISOString(),
        ok: 0,
        warning: 0,
        error: 0,
        unknown: 0,
      }));
      for (const event of found) {
        const bucket =
          buckets[Math.min(count - 1, Math.floor((Date.parse(event.timestamp) - start) / bucketMs))];
        if (bucket) bucket[facetsOf(event).status]++;
      }
      return { from: new Date(start).toISOString(), to: new Date(end).toISOString(), bucketMs, buckets };
    },
    'feedback.list': () => ({ items: [] }),
  };
}

/** Summaries of the sixty migrations, newest first. */
export function summaries(): MigrationSummary[] {
  return storedEvents()
    .filter(({ type }) => type === 'migration_execution')
    .map((event) => {
      const data = event.data as {
        migration: string;
        outcome: string;
        durationMs: number;
        tables: string[];
        operations: string[];
      };
      const failed = data.outcome === 'failed';
      return {
        name: data.migration,
        workspace: event.metadata.workspace ?? SHOP,
        file: `migrations/${data.migration}.sql`,
        dialect: 'postgres',
        firstAt: new Date(Date.parse(event.timestamp) - 3 * HOUR).toISOString(),
        lastAt: event.timestamp,
        author: 'dev-a1b2c3',
        statements: 1,
        tables: data.tables,
        operations: data.operations,
        edits: 3,
        runs: 1,
        outcome: data.outcome,
        durationMs: data.durationMs,
        predicted: {
          failureProbability: failed ? 0.46 : 0.08,
          p10: data.durationMs * 0.5,
          p50: data.durationMs * 0.9,
          p90: data.durationMs * 1.8,
        },
        accuracy: failed ? 0.46 : 0.92,
      };
    });
}

/** The story of one of them. */
export function storyOf(summary: MigrationSummary): MigrationStory {
  const { name, workspace, durationMs = 10, outcome, lastAt } = summary;
  const at = (minutes: number) => new Date(Date.parse(lastAt) - minutes * 60_000).toISOString();
  const id = (what: string) => idOf(`${name} ${what}`);
  const failed = outcome === 'failed';
  const steps: MigrationStory['steps'] = [
    { eventId: id('edit 1'), at: at(180), step: 'edit', title: 'First saved', detail: '1 statement' },
    {
      eventId: id('check'),
      at: at(179),
      step: 'check',
      title: 'Checked: 1 warning',
      detail: 'Takes ACCESS EXCLUSIVE on public.customers',
    },
    {
      eventId: id('prediction'),
      at: at(178),
      step: 'prediction',
      title: failed ? '46 % likely to fail, takes 9 ms' : '8 % likely to fail, takes 21 ms',
      detail: 'Basis: rules, outcomes',
    },
    { eventId: id('run'), at: at(1), step: 'run', title: 'Run by psql in development' },
    {
      eventId: id('outcome'),
      at: at(0),
      step: failed ? 'problem' : 'outcome',
      title: failed ? 'Failed' : 'Succeeded',
      ...(failed ? { detail: FAILURE } : {}),
    },
    {
      eventId: id('feedback'),
      at: at(-4),
      step: 'feedback',
      title: 'The prediction was right',
      detail: 'by dev-a1b2c3',
    },
  ];
  const prediction = (minutes: number, factor: number): MigrationStory['predictions'][number] => ({
    id: id(`prediction ${minutes}`),
    at: at(minutes),
    modelId: 'performance-prediction',
    modelVersion: '3',
    subject: name,
    subjectType: 'migration',
    workspace,
    state: 'resolved',
    failureProbability: failed ? 0.46 : 0.08,
    durationMs: {
      p10: durationMs * 0.4 * factor,
      p50: durationMs * 0.9 * factor,
      p90: durationMs * 2 * factor,
    },
    confidence: 0.8,
    reasons: ['6 of 60 earlier migrations here failed'],
    basis: ['rules', 'outcomes'],
    outcome: { at: lastAt, outcome: failed ? 'failed' : 'succeeded', durationMs },
    accuracy: 0.9,
    feedback: [],
  });
  return {
    summary,
    steps,
    statements: [
      {
        index: 0,
        line: 1,
        sql: 'ALTER TABLE customers\n  ALTER COLUMN phone SET NOT NULL;',
        operation: summary.operations[0] ?? 'set_not_null',
        objects: summary.tables,
        outcome: failed ? 'failed' : 'succeeded',
        durationMs,
        ...(failed ? { error: FAILURE } : {}),
      },
    ],
    predictions: [prediction(178, 1.6), prediction(60, 1.1)],
    runs: [
      {
        eventId: id('run'),
        at: lastAt,
        outcome: failed ? 'failed' : 'succeeded',
        environment: 'development',
        durationMs,
        tool: 'psql',
      },
    ],
    similar: summaries()
      .filter((one) => one.name !== name && one.operations[0] === summary.operations[0])
      .slice(0, 3)
      .map((one) => ({
        name: one.name,
        workspace: one.workspace,
        because: `the same operation on ${one.tables[0]}`,
        outcome: one.outcome,
        ...(one.durationMs === undefined ? {} : { durationMs: one.durationMs }),
      })),
  };
}

const SERIES: readonly SeriesInfo[] = [
  series('duration:set_not_null', 'Duration of set not null', 'duration', 'ms', 0.6),
  series('failure-rate:shop', 'Failure rate in shop', 'failure-rate', 'probability', 0.7),
  series('event-rate:all', 'Events an hour', 'event-rate', 'events', 0.8),
];

function series(
  id: string,
  title: string,
  kind: SeriesInfo['kind'],
  unit: string,
  threshold: number,
): SeriesInfo {
  return {
    id,
    title,
    kind,
    unit,
    workspace: SHOP,
    points: 120,
    anomalies: 0,
    threshold,
    seasonal: kind === 'event-rate',
    lastAt: NOW,
  };
}

/** A wave with three points far off. */
export function seriesDetail(id: string, verdicts: readonly AnomalyVerdict[] = []): SeriesDetail {
  const info = SERIES.find((one) => one.id === id);
  if (!info) throw new TelemetryError('not-found', 'There is no such series.');
  const scale = info.unit === 'ms' ? 40 : info.unit === 'probability' ? 0.12 : 30;
  const points = Array.from({ length: 120 }, (_, i) => {
    const median = scale * (1 + 0.4 * Math.sin(i / 9));
    const off = i === 41 ? 4.2 : i === 88 ? 2.4 : i === 112 ? 3.1 : 0;
    const value = median * (1 + off + 0.18 * Math.sin(i * 7.3));
    const anomalyId = off > 0 ? `${id} ${i}` : undefined;
    return {
      at: new Date(now - (120 - i) * 6 * HOUR).toISOString(),
      value,
      low: median * 0.6,
      median,
      high: median * 1.5,
      score: off > 0 ? Math.min(0.99, 0.45 + off / 8) : 0.1 + 0.15 * Math.abs(Math.sin(i * 3.1)),
      ...(anomalyId === undefined ? {} : { anomalyId, kind: 'spike' as const, eventId: idOf(anomalyId) }),
    };
  });
  const threshold = verdicts.findLast((one) => one.series === id)?.thresholdAfter ?? info.threshold;
  const anomalies = points.flatMap(({ anomalyId, at, value, low, median, high, score }): Anomaly[] =>
    anomalyId === undefined || score < threshold
      ? []
      : [
          {
            id: anomalyId,
            series: id,
            at,
            value,
            expected: { low, median, high },
            unit: info.unit,
            score,
            severity: score > 0.9 ? 'error' : 'warning',
            title: `${info.title}: far above what was expected`,
            eventId: idOf(anomalyId),
            evidence: { events: [idOf(anomalyId)], count: 1 },
          },
        ],
  );
  const [first, , last] = anomalies;
  return {
    series: { ...info, threshold, anomalies: anomalies.length, lastValue: points.at(-1)?.value ?? 0 },
    points,
    anomalies,
    verdicts: verdicts.filter((one) => one.series === id),
    similar:
      first && last
        ? [{ anomalyId: last.id, likeThat: first.id, likeness: 0.87, at: first.at, title: first.title }]
        : [],
  };
}

/** Open alerts, worst first. */
export function alerts(): Alert[] {
  const [failedMigration] = summaries().filter(({ outcome }) => outcome === 'failed');
  const common = { state: 'open', muted: false, workspace: SHOP } as const;
  return [
    {
      ...common,
      id: 'alert-1',
      kind: 'failed-migration',
      group: failedMigration?.name ?? '',
      severity: 'error',
      title: `${failedMigration?.name ?? ''} failed: ${FAILURE}`,
      action: 'Fill the empty values first, then set NOT NULL.',
      openedAt: new Date(now - 2 * DAY).toISOString(),
      lastAt: new Date(now - 2 * DAY).toISOString(),
      count: 1,
      evidence: { events: [idOf('alert 1')], count: 1 },
    },
    {
      ...common,
      id: 'alert-2',
      kind: 'anomaly',
      group: 'duration:set_not_null',
      severity: 'warning',
      title: 'Duration of set not null: far above what was expected',
      openedAt: new Date(now - 2 * DAY).toISOString(),
      lastAt: new Date(now - DAY).toISOString(),
      count: 3,
      series: 'duration:set_not_null',
      anomalyId: 'duration:set_not_null 112',
      evidence: { events: [idOf('duration:set_not_null 112')], count: 1 },
    },
    {
      ...common,
      id: 'alert-3',
      kind: 'schema-drift',
      group: BILLING,
      workspace: BILLING,
      severity: 'info',
      title: 'billing: the database has a column that no migration made',
      openedAt: new Date(now - 5 * HOUR).toISOString(),
      lastAt: new Date(now - 5 * HOUR).toISOString(),
      count: 1,
      evidence: { events: [], count: 0 },
    },
  ];
}

/** A whole engine; `alerts.update` and `anomalies.judge` change what it says from then on. */
export function wholeEngine(): Answers {
  const events = storedEvents();
  const all = summaries();
  const open = new Map(alerts().map((alert) => [alert.id, alert]));
  const verdicts: AnomalyVerdict[] = [];
  return {
    ...eventAnswers(events),
    ...figures(events, all),
    'alerts.list': ({ kind, state = ['open'] }) => {
      const items = [...open.values()].filter(
        (alert) => state.includes(alert.state) && (kind === undefined || kind.includes(alert.kind)),
      );
      return { items, open: [...open.values()].filter((alert) => alert.state === 'open').length };
    },
    'alerts.update': ({ id, action, until }) => {
      const alert = open.get(id);
      if (!alert) throw new TelemetryError('not-found', 'There is no such alert.');
      const state = (
        { acknowledge: 'acknowledged', snooze: 'snoozed', close: 'closed', reopen: 'open' } as const
      )[action];
      const changed: Alert = { ...alert, state, ...(until ? { snoozedUntil: until } : {}) };
      open.set(id, changed);
      return changed;
    },
    'migrations.list': ({ text, outcome, table, cursor, limit = 50 }) => {
      const found = all.filter(
        (one) =>
          (text === undefined || one.name.includes(text)) &&
          (outcome === undefined || outcome.includes(one.outcome)) &&
          (table === undefined || one.tables.includes(table)),
      );
      const from = Number(cursor ?? 0);
      const more = from + limit < found.length;
      return {
        items: found.slice(from, from + limit),
        total: found.length,
        ...(more ? { nextCursor: String(from + limit) } : {}),
      };
    },
    'migrations.get': ({ name }) => {
      const found = all.find((one) => one.name === name);
      if (!found) throw new TelemetryError('not-found', 'There is no such migration.');
      return storyOf(found);
    },
    'series.list': ({ text = '' }) => ({
      items: SERIES.map(({ id }) => seriesDetail(id, verdicts).series).filter(({ title }) =>
        title.toLowerCase().includes(text.toLowerCase()),
      ),
    }),
    'series.get': ({ id }) => seriesDetail(id, verdicts),
    'anomalies.judge': ({ anomalyId, real }) => {
      const id = anomalyId.replace(/ \d+$/, '');
      const before = seriesDetail(id, verdicts);
      const thresholdBefore = before.series.threshold;
      const thresholdAfter = Math.min(0.95, Math.max(0.05, thresholdBefore + (real ? -0.05 : 0.25)));
      const after = before.anomalies.filter(({ score }) => score >= thresholdAfter).length;
      const verdict = {
        anomalyId,
        series: id,
        real,
        at: NOW,
        thresholdBefore,
        thresholdAfter,
        fewerAlerts: before.anomalies.length - after,
      };
      verdicts.push(verdict);
      return verdict;
    },
    'anomalies.unjudge': ({ anomalyId }) => {
      const at = verdicts.findLastIndex((one) => one.anomalyId === anomalyId);
      const [taken] = at < 0 ? [] : verdicts.splice(at, 1);
      if (!taken) throw new TelemetryError('not-found', 'Nothing was said of it.');
      return {
        anomalyId,
        series: taken.series,
        feedbackId: idOf(`feedback ${anomalyId}`),
        thresholdBefore: taken.thresholdAfter,
        thresholdAfter: taken.thresholdBefore,
      };
    },
  };
}

/** Statistics, health, analysis and accuracy that fit the events. */
function figures(events: readonly TelemetryEvent[], all: readonly MigrationSummary[]): Answers {
  const failed = all.filter(({ outcome }) => outcome === 'failed');
  const timeframe = { from: new Date(now - 60 * DAY).toISOString(), to: NOW };
  return {
    'stats.get': () => ({
      timeframe,
      events: events.length,
      firstAt: events.at(-1)?.timestamp ?? NOW,
      lastAt: events[0]?.timestamp ?? NOW,
      byType: [],
      bySource: [{ name: 'import:shadow', count: events.length }],
      byStatus: [],
      workspaces: [
        { name: SHOP, count: 40 },
        { name: BILLING, count: 20 },
      ],
      migrations: {
        total: all.length,
        succeeded: all.length - failed.length,
        failed: failed.length,
        other: 0,
        durationP50: 31,
        durationP95: 62,
      },
      durations: [
        { operation: 'set_not_null', count: 6, failures: 6, p50: 5.6, p95: 8.4, max: 8.7 },
        { operation: 'create_index', count: 18, failures: 0, p50: 31, p95: 58, max: 58 },
        { operation: 'add_column', count: 18, failures: 0, p50: 28, p95: 57, max: 58 },
      ],
      tables: ['public.customers', 'public.orders', 'public.reviews', 'public.books'].map((name) => ({
        name,
        count: 15,
      })),
      errors: [{ name: FAILURE, count: failed.length }],
      bucket: 'week',
      series: Array.from({ length: 9 }, (_, week) => ({
        at: new Date(Date.parse('2026-09-21T00:00:00.000Z') + week * 7 * DAY).toISOString(),
        events: 42,
        migrations: 7,
        failures: week % 3 === 1 ? 2 : 0,
        p50: 24 + 3 * week,
        p95: 50 + 4 * week,
      })),
    }),
    'health.get': () => ({
      state: 'ok',
      version: '0.1.0',
      startedAt: timeframe.from,
      uptimeMs: 3 * HOUR,
      processId: 4711,
      engines: (
        [
          'telemetry-engine',
          'schema-versioning',
          'schema-comparator',
          'manifest-governance',
          'ai-service',
          'database-connector',
        ] as const
      ).map((name) => ({
        name,
        state: 'ok' as const,
        message: '24 operations in 24 hours',
        operations: 24,
        failures: 0,
      })),
      resources: {},
      store: { events: events.length, journalBytes: 384_000, segments: 1, queued: 0 },
    }),
    'analysis.run': () => ({
      id: idOf('analysis'),
      generatedAt: NOW,
      timeframe,
      eventsAnalysed: events.length,
      confidence: 0.8,
      confidenceReason: '60 migrations',
      insights: [
        {
          id: 'failures',
          kind: 'failure-rate',
          title: '6 of 60 migrations failed, all on set not null',
          severity: 'warning',
          impact: 6,
          numbers: { failed: 6, total: 60 },
          evidence: { events: [], count: 6, filter: { type: 'migration_execution', status: 'error' } },
        },
      ],
      recommendations: [
        {
          id: 'backfill',
          action: 'Fill empty values before a column becomes NOT NULL.',
          because: 'All six failures say so.',
          insight: 'failures',
        },
      ],
      patterns: [],
      anomalies: [],
      trends: [],
      predictions: [],
    }),
    'models.performance': ({ id }) => ({
      modelId: id,
      version: '3',
      realised: { predictions: 60, resolved: 60, abstained: 0, accuracy: 0.84, byVersion: [], recent: [] },
    }),
    'accuracy.get': () => ({
      generatedAt: NOW,
      predictions: 120,
      resolved: 114,
      awaiting: 4,
      abstained: 2,
      estimated: { awaiting: 4, brier: 0.09, accuracy: 0.9, method: 'from the probabilities themselves' },
      failure: {
        resolved: 60,
        failed: 6,
        brier: 0.074,
        baselineBrier: 0.091,
        auroc: 0.83,
        calibrationError: 0.041,
        accuracy: 0.92,
        precision: 0.67,
        recall: 0.5,
        f1: 0.57,
        confusion: { truePositive: 3, falsePositive: 2, trueNegative: 52, falseNegative: 3 },
        calibration: [
          { predicted: 0.08, observed: 0.06, count: 50 },
          { predicted: 0.46, observed: 0.5, count: 10 },
        ],
        roc: [
          { falsePositiveRate: 0, truePositiveRate: 0 },
          { falsePositiveRate: 0.1, truePositiveRate: 0.7 },
          { falsePositiveRate: 1, truePositiveRate: 1 },
        ],
        precisionRecall: [
          { recall: 0.2, precision: 1 },
          { recall: 0.7, precision: 0.6 },
          { recall: 1, precision: 0.1 },
        ],
      },
      duration: {
        resolved: 54,
        medianAbsoluteLogRatio: 0.29,
        baselineMedianAbsoluteLogRatio: 0.51,
        coverage80: 0.81,
        bias: 0.04,
      },
      byVersion: [],
      byOperation: [],
      overTime: [],
      scatter: [],
    }),
  };
}
