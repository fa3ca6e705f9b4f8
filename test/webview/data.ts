/** A small history as an import would record it: two workspaces, some months, some failures, predictions with outcomes. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { EventInput } from '../../core/contract/event.ts';
import { derivedUuid } from '../../core/events/ids.ts';
import { nodePlatform } from '../../core/node/platform.ts';

export const SHOP = 'shop~3fa2c1';
export const BILLING = 'billing~0be11a';

const DAY = 86_400_000;
const SQL = {
  add_column: 'ALTER TABLE customers\n  ADD COLUMN loyalty_points integer NOT NULL DEFAULT 0;',
  create_index: 'CREATE INDEX orders_placed_at_idx\n  ON orders (placed_at);',
  create_table: 'CREATE TABLE reviews (\n  id bigint PRIMARY KEY,\n  stars integer\n);',
  set_not_null: 'ALTER TABLE customers\n  ALTER COLUMN phone SET NOT NULL;',
} as const;
type Operation = keyof typeof SQL;
const OPERATIONS = Object.keys(SQL) as Operation[];
const TABLES = ['public.customers', 'public.orders', 'public.reviews', 'public.books'];

/** The error of every migration that fails here. */
export const FAILURE = 'column "phone" of relation "customers" contains null values';

export interface History {
  /** Names of the migrations that failed, oldest first. */
  failed: string[];
  /** Ids of the `ai_prediction` events about durations. */
  predictions: string[];
}

/** Migrations that end one day before `until`, one a day; every tenth fails. */
export function history(migrations: number, until = Date.now()): { events: EventInput[]; history: History } {
  const known: History = { failed: [], predictions: [] };
  const events = Array.from({ length: migrations }, (_, i) =>
    migration(i, until - (migrations - i) * DAY, known),
  ).flat();
  return { events, history: known };
}

/** So many new outcomes would start a training by themselves, whose events come in between. */
export async function withoutRetraining(client: TelemetryClient): Promise<void> {
  const retrain = { auto: false, everyLabels: 20, everyDays: 0, onDrift: false };
  await client.call('settings.update', { retrain });
}

/** Records the history of {@link history}. */
export async function recordHistory(
  client: Pick<TelemetryClient, 'call'>,
  migrations: number,
): Promise<History> {
  const made = history(migrations);
  await client.call('events.record', { events: made.events });
  return made.history;
}

function migration(i: number, at: number, known: History): EventInput[] {
  const failed = i % 10 === 7;
  const operation = failed ? 'set_not_null' : (OPERATIONS[i % 3] ?? 'add_column');
  const name = `${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}_${operation}_${i}`;
  const id = (kind: string) => derivedUuid(at, nodePlatform.sha256(`${name} ${kind}`));
  const common = {
    timestamp: new Date(at).toISOString(),
    metadata: { correlationId: id('migration'), workspace: i % 3 === 2 ? BILLING : SHOP, user: 'dev-a1b2c3' },
  };
  const durationMs = failed ? 3 + i / 10 : 5 + ((i * 37) % 60);
  const predicted = durationMs * (i % 2 === 0 ? 1.4 : 0.8);
  const error = { message: FAILURE, sqlState: '23502', line: 2, column: 16 };
  const outcome = failed ? ('failed' as const) : ('succeeded' as const);
  if (failed) known.failed.push(name);
  known.predictions.push(id('duration'));
  return [
    {
      ...common,
      id: id('duration'),
      type: 'ai_prediction',
      source: 'engine:ai-service',
      data: {
        modelId: 'performance-prediction',
        modelVersion: '0',
        subject: name,
        subjectType: 'migration',
        confidence: 0.8,
        durationMs: { p10: predicted * 0.5, p50: predicted, p90: predicted * 2 },
        basis: ['outcomes'],
      },
    },
    {
      ...common,
      id: id('failure'),
      type: 'ai_prediction',
      source: 'engine:ai-service',
      data: {
        modelId: 'error-prediction',
        modelVersion: '0',
        subject: name,
        subjectType: 'migration',
        confidence: 0.8,
        failureProbability: 0.1,
        reasons: ['2 of 20 earlier migrations here failed'],
      },
    },
    {
      ...common,
      id: id('statement'),
      type: 'schema_operation',
      source: 'import:shadow',
      data: {
        operation,
        migration: name,
        file: `migrations/${name}.sql`,
        statement: 0,
        line: 1,
        endLine: 2,
        sql: SQL[operation],
        objects: [TABLES[i % TABLES.length] ?? ''],
        dialect: 'postgres',
        environment: 'shadow',
        outcome,
        durationMs: durationMs * 0.9,
        ...(failed ? { error } : {}),
      },
    },
    {
      ...common,
      id: id('migration'),
      type: 'migration_execution',
      source: 'import:shadow',
      data: {
        migration: name,
        outcome,
        file: `migrations/${name}.sql`,
        tool: 'numbered',
        dialect: 'postgres',
        environment: 'shadow',
        durationMs,
        statements: 1,
        tables: [TABLES[i % TABLES.length] ?? ''],
        operations: [operation],
        operationCounts: { [operation]: 1 },
        bytes: SQL[operation].length,
        indexesOnExisting: { blocking: operation === 'create_index' ? 1 : 0, concurrent: 0 },
        ...(failed ? { error, failedStatement: 0 } : {}),
      },
    },
    ...(failed
      ? []
      : [
          {
            ...common,
            id: id('duration accuracy'),
            type: 'ai_accuracy' as const,
            source: 'engine:ai-service',
            data: {
              predictionId: id('duration'),
              modelId: 'performance-prediction',
              modelVersion: '0',
              subject: name,
              predicted,
              actual: durationMs,
              accuracy: Math.min(predicted / durationMs, durationMs / predicted),
            },
          },
        ]),
    {
      ...common,
      id: id('failure accuracy'),
      type: 'ai_accuracy',
      source: 'engine:ai-service',
      data: {
        predictionId: id('failure'),
        modelId: 'error-prediction',
        modelVersion: '0',
        subject: name,
        predicted: 0.1,
        actual: failed ? 1 : 0,
        accuracy: failed ? 0.1 : 0.9,
      },
    },
    {
      ...common,
      type: 'performance_metric',
      source: 'engine:schema-comparator',
      data: { operation: 'compare', component: 'schema-comparator', durationMs: 1.2, success: true },
    },
  ];
}
