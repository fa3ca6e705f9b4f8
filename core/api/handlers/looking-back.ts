import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import { unfinished } from './unfinished.ts';

export function lookingBackHandlers(_engine: AITelemetryEngine) {
  return unfinished(
    'migrations.list',
    'migrations.get',
    'events.histogram',
    'reports.make',
    'reports.compare',
    'reports.schedules',
    'reports.schedule',
    'reports.unschedule',
  );
}
