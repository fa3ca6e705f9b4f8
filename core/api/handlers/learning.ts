/** Predictions, feedback on them, the scoreboard, and the life of the models. */
import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Handlers } from '../handlers.ts';

export function learningHandlers(engine: AITelemetryEngine) {
  const { learning } = engine;
  const { registry, trainings } = learning;
  return {
    'predictions.list': async (params) => learning.predictions(params),
    'predictions.get': async ({ id }) => learning.prediction(id),
    'predictions.resolve': (params) => learning.resolve(params),
    'feedback.queue': async (params) => {
      const { anomalies } = await engine.analyzeTelemetry(
        params.workspace ? { workspace: params.workspace } : {},
      );
      return learning.queue(params, anomalies);
    },
    'feedback.withdraw': ({ id, reason }) => learning.withdraw(id, reason),
    'feedback.agreement': async ({ workspace }) => learning.agreement(workspace),
    'accuracy.get': async (params) => learning.accuracy(params),
    'models.versions': async ({ id }) => learning.versions(id),
    'models.promote': ({ id, version, reason = 'promoted by hand' }) => registry.promote(id, version, reason),
    'models.rollback': ({ id, reason = 'rolled back by hand' }) => registry.rollback(id, reason),
    'models.compare': ({ id, champion, challenger }) => learning.compare(id, champion, challenger),
    'training.status': async () => trainings.status(),
    'training.start': async ({ models }) => learning.start(models),
    'training.cancel': async () => ({ cancelled: trainings.cancel() }),
  } satisfies Partial<Handlers>;
}
