/** An engine in memory, for tests of the learning loop: its clock stands, and it trains on the spot. */
import type { EventInput } from '../../core/contract/event.ts';
import { AITelemetryEngine, type EngineOptions } from '../../core/engine/ai-telemetry-engine.ts';
import { runTraining, type Trainer } from '../../core/learn/models.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { seededRandom } from '../../core/numbers.ts';
import type { EventStore } from '../../core/store/event-store.ts';
import { memoryStore } from './store.ts';
import { cleanup, type TestScope } from './temp.ts';

export interface LearningEngine {
  engine: AITelemetryEngine;
  store: EventStore;
  artifacts: Map<string, string>;
  clock: { now: number };
}

export const trainHere: Trainer = (task, onProgress) => ({
  result: new Promise((resolve) => resolve(runTraining(task, onProgress))),
  cancel: () => undefined,
});

export async function learningEngine(
  scope: TestScope,
  options: Partial<EngineOptions> & { store?: EventStore } = {},
): Promise<LearningEngine> {
  const store = options.store ?? (await memoryStore());
  const artifacts = new Map<string, string>();
  const clock = { now: Date.UTC(2026, 5, 1) };
  const engine = new AITelemetryEngine({
    platform: { ...nodePlatform, now: () => clock.now },
    trace: { current: () => ({}), run: (_context, work) => work() },
    trainer: trainHere,
    artifacts: {
      put: async (hash, text) => void artifacts.set(hash, text),
      get: async (hash) => artifacts.get(hash),
      remove: async (hash) => void artifacts.delete(hash),
    },
    version: 'test',
    processId: process.pid,
    ...options,
    store,
  });
  cleanup(scope, () => engine.close('test finished'));
  return { engine, store, artifacts, clock };
}

/**
 * Migrations with a known structure: those that change types fail four times in five and take a hundred times as long,
 * and longer ones take longer. With `shuffled` outcomes that have nothing to do with what the migration does.
 */
export function migrations(
  count: number,
  { seed = 7, shuffled = false, slower = 1, from = 0 } = {},
): EventInput<'migration_execution'>[] {
  const random = seededRandom(seed);
  return Array.from({ length: from + count }, (_, i): EventInput<'migration_execution'> => {
    const retype = random() < 0.4;
    const label = shuffled ? random() < 0.4 : retype;
    const bytes = 50 + Math.floor(random() * 2_000);
    const operation = retype ? 'alter_column_type' : 'add_column';
    return {
      type: 'migration_execution',
      source: 'test',
      timestamp: new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString(),
      data: {
        migration: `m${String(i).padStart(4, '0')}`,
        outcome: label && random() < 0.8 ? 'failed' : 'succeeded',
        durationMs: slower * (label ? 2 : 0.02) * bytes * (0.8 + 0.4 * random()),
        environment: 'test',
        statements: 1 + Math.floor(random() * 3),
        bytes,
        operations: [operation],
        operationCounts: { [operation]: 1 },
        destructive: 0,
      },
      metadata: { workspace: 'w', user: 'ann' },
    };
  }).slice(from);
}

/** A prediction of a failure, made before its migration runs. */
export function prediction(
  migration: string,
  failureProbability: number,
  more: Record<string, unknown> = {},
): EventInput<'ai_prediction'> {
  return {
    type: 'ai_prediction',
    source: 'test',
    data: {
      modelId: 'error-prediction',
      modelVersion: '1',
      subject: migration,
      subjectType: 'migration',
      confidence: 0.8,
      failureProbability,
      ...more,
    },
    metadata: { workspace: 'w' },
  };
}
