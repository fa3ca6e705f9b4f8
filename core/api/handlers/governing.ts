import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Handlers } from '../handlers.ts';
import { unfinished } from './unfinished.ts';

export function governingHandlers(engine: AITelemetryEngine) {
  return {
    'settings.get': async () => engine.settings.current(),
    'settings.update': async (change) => engine.settings.update(change),
    'audit.list': async (params) => engine.audit.list(params),
    'audit.verify': async ({ head }) => engine.audit.verify(head),
    ...unfinished(
      'privacy.get',
      'privacy.export',
      'privacy.erase',
      'privacy.undo',
      'keys.list',
      'keys.create',
      'keys.revoke',
    ),
  } satisfies Partial<Handlers>;
}
