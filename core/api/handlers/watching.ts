import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import { unfinished } from './unfinished.ts';

export function watchingHandlers(_engine: AITelemetryEngine) {
  return unfinished(
    'alerts.list',
    'alerts.update',
    'alerts.mute',
    'series.list',
    'series.get',
    'anomalies.judge',
  );
}
