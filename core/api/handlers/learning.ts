/** Predictions, feedback on them, the scoreboard, and the life of the models. */
import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Handlers } from '../handlers.ts';

export function learningHandlers(engine: AITelemetryEngine) {
  const { learning } = engine;
  const { registry, trainings } = learning;
  /** The past is read in slices before the first answer, so that nobody else waits for it. */
  const read = async () => {
    await learning.ready();
    return learning;
  };
  return {
    'predictions.list': async (params) => (await read()).predictions(params),
    'predictions.get': async ({ id }) => (await read()).prediction(id),
    'predictions.resolve': async (params) => (await read()).resolve(params),
    'feedback.queue': async (params) => {
      const { anomalies } = await engine.analyzeTelemetry(
        params.workspace ? { workspace: params.workspace } : {},
      );
      return (await read()).queue(params, anomalies);
    },
    'feedback.withdraw': async ({ id, reason }) => (await read()).withdraw(id, reason),
    'feedback.agreement': async ({ workspace }) => (await read()).agreement(workspace),
    'accuracy.get': async (params) => (await read()).accuracy(params),
    'models.versions': async ({ id }) => (await read()).versions(id),
    'models.promote': ({ id, version, reason = 'promoted by hand' }) => registry.promote(id, version, reason),
    'models.rollback': ({ id, reason = 'rolled back by hand' }) => registry.rollback(id, reason),
    'models.compare': async ({ id, champion, challenger }) =>
      (await read()).compare(id, champion, challenger),
    'training.status': async () => trainings.status(),
    'training.start': async ({ models }) => learning.start(models),
    'training.cancel': async () => ({ cancelled: trainings.cancel() }),
  } satisfies Partial<Handlers>;
}
