import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import { unfinished } from './unfinished.ts';

export function learningHandlers(_engine: AITelemetryEngine) {
  return unfinished(
    'predictions.make',
    'predictions.list',
    'predictions.get',
    'predictions.resolve',
    'feedback.queue',
    'feedback.withdraw',
    'feedback.agreement',
    'accuracy.get',
    'models.versions',
    'models.promote',
    'models.rollback',
    'models.compare',
    'training.status',
    'training.start',
    'training.cancel',
  );
}
