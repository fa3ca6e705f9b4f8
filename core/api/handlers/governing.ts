import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import { unfinished } from './unfinished.ts';

export function governingHandlers(_engine: AITelemetryEngine) {
  return unfinished(
    'audit.list',
    'audit.verify',
    'privacy.get',
    'privacy.export',
    'privacy.erase',
    'privacy.undo',
    'settings.get',
    'settings.update',
    'keys.list',
    'keys.create',
    'keys.revoke',
  );
}
