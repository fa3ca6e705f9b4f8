/** Predictions, feedback on them, the scoreboard, and the life of the models. */
import Type from 'typebox';
import { AccuracyReport } from '../accuracy.ts';
import { Dialect, Environment, Outcome } from '../event.ts';
import { LearningFeedback } from '../feedback.ts';
import { ModelId } from '../model.ts';
import { Agreement, DurationRange, PredictionRecord, PredictionState, QueueItem } from '../prediction.ts';
import { Count, closed, DurationMs, Name, optional, Share, Text, Uuid } from '../schema.ts';
import { Contest, ModelVersion, RetrainOutlook, TrainingRun } from '../training.ts';
import { changing, method, page, reading, timeframe } from './method.ts';

const run = { id: ModelId };

export const learningMethods = {
  'predictions.make': method({
    summary: 'Predict how the statements of a migration will go; nothing is recorded unless asked',
    rest: { verb: 'POST', path: '/api/predictions/make', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({
      sql: Type.String({ minLength: 1, maxLength: 5_000_000 }),
      name: optional(Name),
      dialect: optional(Dialect),
      serverVersion: optional(Type.Integer({ minimum: 9, maximum: 99 })),
      workspace: optional(Name),
      environment: optional(Environment),
      schema: optional(
        Type.String({ maxLength: 20_000_000, description: 'SQL that makes the schema it will run on' }),
      ),
      statistics: optional(Type.Unknown({ description: 'as `aibos stats export` writes it' })),
      record: optional(Type.Boolean({ description: 'whether to record `ai_prediction` events' })),
    }),
    result: closed({
      failureProbability: Share,
      durationMs: DurationRange,
      abstained: optional(Type.Boolean()),
      predictionIds: Type.Array(Uuid),
      statements: Type.Array(
        closed({
          index: Count,
          line: Count,
          endLine: Count,
          kind: Name,
          operations: Type.Array(Name),
          failureProbability: Share,
          durationMs: DurationRange,
          locks: Type.Array(closed({ relation: Name, mode: Name })),
          reasons: Type.Array(Text),
          basis: Type.Array(Name),
          abstained: optional(Type.Boolean()),
          unanalysed: optional(Text),
        }),
      ),
    }),
  }),
  'predictions.list': reading(
    'List predictions with what came of them, newest first',
    '/api/predictions',
    closed({
      ...timeframe,
      ...page,
      state: optional(Type.Array(PredictionState, { maxItems: 3 })),
      modelId: optional(ModelId),
      subject: optional(Text),
      file: optional(Text),
    }),
    closed({ items: Type.Array(PredictionRecord), nextCursor: optional(Type.String()), awaiting: Count }),
  ),
  'predictions.get': reading(
    'Read one prediction with what came of it',
    '/api/predictions/:id',
    closed({ id: Uuid }),
    PredictionRecord,
  ),
  'predictions.resolve': changing(
    'recorder',
    'Say what came of every open prediction about a migration that has run',
    '/api/predictions/resolve',
    closed({
      migration: Name,
      workspace: optional(Name),
      outcome: Outcome,
      durationMs: optional(DurationMs),
      environment: optional(Environment),
      eventId: optional(Uuid),
    }),
    closed({ resolved: Type.Array(PredictionRecord), surprising: Type.Array(Uuid) }),
  ),
  'feedback.queue': reading(
    'What a person’s answer would teach most, most useful first',
    '/api/telemetry/feedback-queue',
    closed({ workspace: optional(Name), limit: optional(Type.Integer({ minimum: 1, maximum: 200 })) }),
    closed({ items: Type.Array(QueueItem), total: Count }),
  ),
  'feedback.withdraw': changing(
    'reviewer',
    'Take feedback back; the models forget it on their next training',
    '/api/telemetry/feedback/:id/withdraw',
    closed({ id: Uuid, reason: optional(Text) }),
    LearningFeedback,
  ),
  'feedback.agreement': reading(
    'How far people who judged the same events agree',
    '/api/telemetry/feedback-agreement',
    closed({ workspace: optional(Name) }),
    Agreement,
  ),
  'accuracy.get': reading(
    'The scoreboard: predicted against actual, beside the baseline, by version, operation and time',
    '/api/accuracy',
    closed({
      ...timeframe,
      environment: optional(Environment),
      version: optional(Name),
    }),
    AccuracyReport,
  ),
  'models.versions': reading(
    'Every version of a model, newest first, with the contest that it won or lost',
    '/api/telemetry/models/:id/versions',
    closed(run),
    closed({ items: Type.Array(ModelVersion), retrain: RetrainOutlook }),
  ),
  'models.promote': changing(
    'admin',
    'Make a version the active one, whatever the contest said',
    '/api/telemetry/models/:id/promote',
    closed({ ...run, version: Name, reason: optional(Text) }),
    ModelVersion,
  ),
  'models.rollback': changing(
    'admin',
    'Go back to the version that was active before',
    '/api/telemetry/models/:id/rollback',
    closed({ ...run, reason: optional(Text) }),
    ModelVersion,
  ),
  'models.compare': reading(
    'Compare two versions on the newest hold-out',
    '/api/telemetry/models/:id/compare',
    closed({ ...run, champion: Name, challenger: Name }),
    Contest,
  ),
  'training.status': reading(
    'The training that is going on, and the latest ones',
    '/api/training',
    closed({}),
    closed({ running: optional(TrainingRun), recent: Type.Array(TrainingRun) }),
  ),
  'training.start': changing(
    'reviewer',
    'Start a training and come back at once',
    '/api/training/start',
    closed({ models: optional(Type.Array(ModelId, { minItems: 1, maxItems: 4 })) }),
    TrainingRun,
  ),
  'training.cancel': changing(
    'reviewer',
    'Cancel the training that is going on; active models stay as they are',
    '/api/training/cancel',
    closed({}),
    closed({ cancelled: Type.Boolean() }),
  ),
} as const;
