/** Answers of an engine that has seen a year of migrations, in the shape of the method table. */
import type { AccuracyReport, AccuracySlice } from '../../core/contract/accuracy.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { LearningFeedback } from '../../core/contract/feedback.ts';
import type { Settings } from '../../core/contract/governance.ts';
import type { LearningModel, ModelId } from '../../core/contract/model.ts';
import { MODEL_IDS } from '../../core/contract/model.ts';
import type { PredictionRecord, QueueItem } from '../../core/contract/prediction.ts';
import type { Contest, ModelVersion } from '../../core/contract/training.ts';
import { MODEL_NAMES } from '../../webview/format/names.ts';
import type { Answers } from './fake-host.ts';
import { DIFF, schemaOf, versionsOf } from './schema-data.ts';

export const NOW = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;

export const at = (daysAgo: number) => new Date(NOW - daysAgo * DAY).toISOString();
export const uuid = (n: number) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const WORKSPACE = 'shop~3fa2c1';

const performance = (beats: boolean): NonNullable<LearningModel['performance']> => {
  const headline = {
    name: 'Brier score',
    value: beats ? 0.081 : 0.124,
    baseline: 0.112,
    better: 'lower',
  } as const;
  return {
    metrics: [headline, { name: 'AUC', value: 0.83, baseline: 0.5, better: 'higher' }],
    baseline: 'always the rate of failures so far',
    beatsBaseline: beats,
    headline,
    holdOut: {
      trained: 300,
      tested: 100,
      method: 'the latest quarter in order of time',
      from: at(90),
      to: at(1),
    },
  };
};

export function model(id: ModelId, version = '7', beats = true): LearningModel {
  return {
    id,
    name: MODEL_NAMES[id],
    type: id === 'error-prediction' ? 'classification' : 'regression',
    version,
    status: beats ? 'active' : 'inactive',
    features: ['statements', 'sqlLength', 'lockLevel'],
    hyperparameters: { trees: 80, learningRate: 0.1 },
    trainingData: { events: 1_204, examples: 400, needed: 40, positives: 48, from: at(360), to: at(1) },
    performance: performance(beats),
    lastTrained: at(1),
    algorithm: 'boosted trees',
    ...(beats ? {} : { message: 'it does not beat its baseline' }),
  };
}

const contest = (challenger: string, champion: string, won: boolean): Contest => ({
  challenger,
  champion,
  metric: 'Brier score',
  challengerValue: won ? 0.081 : 0.093,
  championValue: won ? 0.092 : 0.089,
  difference: won
    ? { low: -0.02, median: -0.011, high: -0.003 }
    : { low: -0.004, median: 0.004, high: 0.012 },
  won,
  rule: 'the 90 % interval of the difference, from 1,000 resamples of the hold-out, must lie below 0',
});

export function versions(id: ModelId): ModelVersion[] {
  return [8, 7, 6, 5].map((number): ModelVersion => {
    const version = String(number);
    const won = number % 2 === 1;
    return {
      model: model(id, version, number !== 8),
      champion: number === 7,
      at: at((8 - number) * 20),
      reason: number === 8 ? '50 new outcomes' : 'by hand',
      seed: 17,
      ...(number > 5 ? { contest: contest(version, number === 8 ? '7' : '5', won) } : {}),
      candidates: [
        { algorithm: 'boosted trees', metrics: { 'Brier score': 0.081 }, trainMs: 1_850, chosen: true },
        { algorithm: 'neural network', metrics: { 'Brier score': 0.097 }, trainMs: 6_200, chosen: false },
      ],
      importance: [
        {
          feature: 'lockLevel',
          unit: '',
          meaning: 'strongest lock that a statement takes',
          importance: 0.031,
        },
        { feature: 'sqlLength', unit: 'characters', meaning: 'length of the SQL', importance: 0.012 },
        { feature: 'hourOfDay', unit: 'h', meaning: 'hour in UTC', importance: -0.001 },
      ],
    };
  });
}

const slice = (name: string, i: number): AccuracySlice => ({
  name,
  failure: { resolved: 40, failed: 5, brier: 0.08 + (i % 3) * 0.01, baselineBrier: 0.11 },
  duration: {
    resolved: 35,
    medianAbsoluteLogRatio: 0.3 + (i % 4) * 0.05,
    baselineMedianAbsoluteLogRatio: 0.62,
    coverage80: 0.78,
  },
});

const MONTHS = ['2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'];

export const accuracy: AccuracyReport = {
  generatedAt: at(0),
  predictions: 412,
  resolved: 350,
  awaiting: 48,
  abstained: 14,
  estimated: { brier: 0.086, accuracy: 0.9, awaiting: 48, method: 'from their own calibrated probabilities' },
  failure: {
    resolved: 350,
    failed: 42,
    brier: 0.081,
    baselineBrier: 0.106,
    auroc: 0.86,
    calibrationError: 0.031,
    accuracy: 0.91,
    precision: 0.68,
    recall: 0.55,
    f1: 0.61,
    confusion: { truePositive: 23, falsePositive: 11, trueNegative: 297, falseNegative: 19 },
    calibration: [0.05, 0.15, 0.25, 0.45, 0.65, 0.85].map((predicted, i) => ({
      predicted,
      observed: Math.min(1, predicted * 0.9 + 0.03),
      count: [180, 90, 40, 20, 12, 8][i] ?? 0,
    })),
    roc: Array.from({ length: 21 }, (_, i) => ({
      falsePositiveRate: i / 20,
      truePositiveRate: Math.min(1, (i / 20) ** 0.35),
    })),
    precisionRecall: Array.from({ length: 21 }, (_, i) => ({
      recall: i / 20,
      precision: 0.95 - 0.8 * (i / 20) ** 2,
    })),
  },
  duration: {
    resolved: 310,
    medianAbsoluteLogRatio: 0.34,
    baselineMedianAbsoluteLogRatio: 0.61,
    coverage80: 0.79,
    bias: 0.08,
  },
  byVersion: ['7', '6', '5'].map(slice),
  byOperation: ['add_column', 'create_index', 'set_not_null', 'create_table'].map(slice),
  overTime: MONTHS.map(slice),
  scatter: Array.from({ length: 120 }, (_, i) => {
    const actualMs = 2 * 1.06 ** i;
    const predictedMs = actualMs * (i % 2 === 0 ? 1.3 : 0.7);
    return {
      predictionId: uuid(1_000 + i),
      at: at(120 - i),
      subject: `2026_add_column_${i}.sql`,
      predictedMs,
      lowMs: predictedMs * 0.4,
      highMs: predictedMs * 2.2,
      actualMs,
      failureProbability: 0.1,
      failed: i % 9 === 0,
    };
  }),
};

export function prediction(n: number): PredictionRecord {
  return {
    id: uuid(n),
    at: at(n),
    modelId: 'error-prediction',
    modelVersion: '7',
    subject: `2026_11_set_not_null_${n}`,
    subjectType: 'migration',
    workspace: WORKSPACE,
    file: `migrations/2026_11_set_not_null_${n}.sql`,
    line: 3,
    state: 'awaiting',
    failureProbability: 0.48,
    durationMs: { p10: 8, p50: 40, p90: 900 },
    confidence: 0.52,
    reasons: ['SET NOT NULL scans the whole table', '3 of 8 earlier ones failed here'],
    basis: ['rules', 'outcomes'],
    feedback: [],
  };
}

const KINDS = ['uncertain', 'surprising', 'disagreement', 'anomaly', 'awaiting'] as const;

export function queue(length: number): QueueItem[] {
  return Array.from({ length }, (_, i): QueueItem => {
    const kind = KINDS[i % KINDS.length] ?? 'uncertain';
    return {
      kind,
      eventId: uuid(i + 1),
      title: kind === 'anomaly' ? `Duration of add_column, ${i}` : `2026_11_set_not_null_${i + 1}`,
      because: 'The model is near 50 %: either answer moves it. 3 of 8 such migrations failed.',
      teaches: 1 - i / length,
      ...(kind === 'anomaly' ? { anomalyId: `anomaly-${i}` } : { prediction: prediction(i + 1) }),
    };
  });
}

export function given(n: number): LearningFeedback {
  return {
    id: uuid(500 + n),
    eventId: uuid(n),
    timestamp: at(n),
    actualOutcome: n % 2 === 0 ? 'failed' : { durationMs: 1_200 },
    accuracy: n % 2 === 0 ? 0.48 : 0.9,
    corrections: [],
    improvements: [],
    user: 'dev-a1b2c3',
    ...(n % 3 === 0 ? { feedback: 'A lock was held by a report.', userRating: 2 } : {}),
    ...(n === 2 ? { withdrawn: true } : {}),
    effect: {
      modelId: 'error-prediction',
      modelVersion: '7',
      accuracyBefore: 0.71,
      accuracyAfter: 0.72,
      outcomes: 40,
      moved: 'Error prediction: 71 % right before, 72 % now, on 40 outcomes, because you call it right.',
      newLabels: 8,
      neededLabels: 50,
    },
  };
}

export const settings: Settings = {
  retentionDays: 365,
  mutedAlerts: ['security'],
  alertActions: [
    {
      id: 'one',
      do: 'webhook',
      kinds: ['failed-migration'],
      leastSeverity: 'error',
      target: 'https://hooks.example/migrations',
      mostPerHour: 10,
      enabled: true,
    },
  ],
  retrain: { auto: true, everyLabels: 50, everyDays: 7, onDrift: true },
  maxMemoryMb: 512,
};

function check(n: number): TelemetryEvent {
  const failed = n % 5 === 0;
  const warned = n % 3 === 0;
  return {
    id: uuid(9_000 + n),
    timestamp: at(n * 3),
    type: 'compliance_check',
    source: 'engine:manifest-governance',
    sequence: 9_000 - n,
    metadata: { workspace: WORKSPACE },
    data: {
      rule: 'manifest',
      result: failed ? 'fail' : warned ? 'warn' : 'pass',
      subject: `2026_migration_${n}`,
      findings: [
        ...(failed
          ? [
              {
                rule: 'destructive-change',
                result: 'fail',
                message: 'DROP COLUMN phone loses its values.',
                line: 4,
              },
            ]
          : []),
        ...(warned ? [{ rule: 'naming', result: 'warn', message: 'Index names begin with idx_.' }] : []),
      ],
    },
  };
}

const HASH = 'a3f1c09e7be24d10f5b6c8d7e9a01122334455667788990011aabbccddeeff00';

/** Every method that pages 5 to 9 ask, answered. */
export const ANSWERS: Answers = {
  'stats.get': () => ({
    timeframe: { from: at(365), to: at(0) },
    events: 9_000,
    byType: [],
    bySource: [],
    byStatus: [],
    workspaces: [{ name: WORKSPACE, count: 9_000 }],
    migrations: { total: 400, succeeded: 352, failed: 48, other: 0, durationP50: 31, durationP95: 900 },
    durations: [],
    tables: [],
    errors: [],
    bucket: 'month',
    series: [],
  }),
  'alerts.list': () => ({ items: [], open: 0 }),
  'models.list': () => ({ items: MODEL_IDS.map((id, i) => model(id, '7', i !== 2)) }),
  'models.performance': ({ id }) => ({
    modelId: id,
    version: '7',
    performance: performance(true),
    realised: { predictions: 412, resolved: 350, abstained: 14, accuracy: 0.86, byVersion: [], recent: [] },
  }),
  'models.versions': ({ id }) => ({
    items: versions(id),
    retrain: {
      newLabels: 18,
      neededLabels: 50,
      errorDrift: false,
      drift: [
        {
          feature: 'sqlLength',
          unit: 'characters',
          psi: 0.31,
          state: 'drifted',
          trainedMedian: 80,
          recentMedian: 140,
        },
        { feature: 'statements', unit: '', psi: 0.04, state: 'steady', trainedMedian: 1, recentMedian: 1 },
      ],
    },
  }),
  'models.compare': ({ champion, challenger }) => contest(challenger, champion, true),
  'accuracy.get': () => accuracy,
  'training.status': () => ({
    recent: [
      {
        id: uuid(1),
        models: [...MODEL_IDS],
        trigger: 'labels',
        state: 'done',
        startedAt: at(1),
        endedAt: at(0.9999),
        progress: 1,
        messages: ['Error prediction: version 8 does not beat version 7; not used'],
      },
    ],
  }),
  'feedback.queue': () => ({ items: queue(20), total: 42 }),
  'feedback.list': () => ({ items: Array.from({ length: 12 }, (_, i) => given(i + 1)) }),
  'feedback.agreement': () => ({
    people: 3,
    judgedTwice: 24,
    agreed: 20,
    kappa: 0.61,
    disagreements: [
      {
        eventId: uuid(4),
        title: '2026_11_set_not_null_4',
        answers: [
          { user: 'dev-a1b2c3', right: true },
          { user: 'dev-ffee00', right: false },
        ],
      },
    ],
  }),
  'reports.compare': () => ({
    items: [
      {
        name: 'migrations',
        unit: '',
        better: 'neither',
        now: 42,
        before: 40,
        change: 0.05,
        noteworthy: false,
      },
      {
        name: 'failure rate',
        unit: 'share',
        better: 'lower',
        now: 0.21,
        before: 0.08,
        change: 1.6,
        noteworthy: true,
      },
      {
        name: 'median duration',
        unit: 'ms',
        better: 'lower',
        now: 28,
        before: 44,
        change: -0.36,
        noteworthy: true,
      },
      { name: 'schema drift', unit: '', better: 'lower', noteworthy: false },
    ],
  }),
  'reports.schedules': () => ({
    items: [
      {
        id: 'weekly',
        kind: 'telemetry',
        format: 'html',
        every: 'week',
        folder: '/home/me/reports',
        enabled: true,
        lastAt: at(3),
        nextAt: at(-4),
      },
      {
        id: 'daily',
        kind: 'accuracy',
        format: 'csv',
        every: 'day',
        folder: '/mnt/gone',
        enabled: true,
        problem: 'The folder is not there.',
      },
    ],
  }),
  'events.list': ({ type }) => ({
    items: type?.includes('compliance_check') ? Array.from({ length: 60 }, (_, i) => check(i + 1)) : [],
  }),
  'schema.versions': () => versionsOf(60),
  'schema.get': () => ({ schema: schemaOf(24) }),
  'schema.diff': () => DIFF,
  'audit.list': () => ({
    items: Array.from({ length: 12 }, (_, i) => ({
      eventId: uuid(7_000 + i),
      sequence: 7_000 - i,
      at: at(i),
      method: ['feedback.provide', 'settings.update', 'keys.create'][i % 3] ?? '',
      role: 'admin',
      via: 'http',
      result: 'ok',
      user: 'dev-a1b2c3',
      detail: 'retention 365 days',
      hash: HASH,
    })),
  }),
  'audit.verify': ({ head }) => ({
    entries: 214,
    intact: head === undefined || head === HASH,
    head: HASH,
    message:
      head === undefined
        ? 'Every entry holds the hash of the one before it.'
        : 'The hash is looked for in the trail.',
  }),
  'privacy.get': () => ({
    dataFolder: '/home/me/.local/share/aibos-telemetry',
    bytes: 48_000_000,
    events: 9_000,
    from: at(365),
    to: at(0),
    me: 'dev-a1b2c3',
    people: [
      { user: 'dev-a1b2c3', events: 6_100, from: at(365), to: at(0) },
      { user: 'dev-ffee00', events: 2_900, from: at(200), to: at(2) },
    ],
    workspaces: [{ workspace: WORKSPACE, events: 9_000 }],
    retentionDays: 365,
    erasures: [],
    redaction: ['Passwords and tokens in every text', 'Literals of statements that carry rows'],
    leavesTheMachine: [],
  }),
  'settings.get': () => settings,
  'keys.list': () => ({
    items: [
      { id: 'ci', name: 'CI', role: 'recorder', createdAt: at(100), lastUsedAt: at(1), expiresAt: at(-60) },
      { id: 'grafana', name: 'Grafana', role: 'viewer', createdAt: at(20) },
    ],
  }),
};
