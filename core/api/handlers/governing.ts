import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Handlers } from '../handlers.ts';

export function governingHandlers(engine: AITelemetryEngine) {
  return {
    'settings.get': async () => engine.settings.current(),
    'settings.update': async (change) => engine.settings.update(change),
    'audit.list': async (params) => engine.audit.list(params),
    'audit.verify': async ({ head }) => engine.audit.verify(head),
    'privacy.get': async () => engine.privacy.overview(),
    'privacy.export': async (params) => engine.privacy.export(params),
    'privacy.erase': (params) => engine.privacy.erase(params),
    'privacy.undo': ({ id }) => engine.privacy.erasures.undo(id),
    'keys.list': async () => ({ items: engine.keys.list() }),
    'keys.create': async (params) => engine.keys.create(params),
    'keys.revoke': async ({ id }) => ({ revoked: engine.keys.revoke(id) }),
  } satisfies Partial<Handlers>;
}
