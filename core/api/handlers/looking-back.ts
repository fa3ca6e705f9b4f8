import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Handlers } from '../handlers.ts';
import { unfinished } from './unfinished.ts';

export function lookingBackHandlers(engine: AITelemetryEngine) {
  return {
    'migrations.list': (params) => engine.stories.list(params),
    'migrations.get': (params) => engine.stories.get(params),
    'events.histogram': async (params) => engine.histogram(params),
    ...unfinished(
      'reports.make',
      'reports.compare',
      'reports.schedules',
      'reports.schedule',
      'reports.unschedule',
    ),
  } satisfies Partial<Handlers>;
}
