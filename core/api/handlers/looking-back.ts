import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Call } from '../../report/make.ts';
import type { Handlers } from '../handlers.ts';

/** `call` reaches the other handlers: a report is made from what they answer. */
export function lookingBackHandlers(engine: AITelemetryEngine, call: Call) {
  const { reports, stories } = engine;
  return {
    'migrations.list': (params) => stories.list(params),
    'migrations.get': (params) => stories.get(params),
    'events.histogram': (params) => engine.histogram(params),
    'reports.make': (params) => reports.make(call, params),
    'reports.compare': async (params) => reports.compare(params),
    'reports.schedules': async () => ({ items: reports.schedules() }),
    'reports.schedule': async (params) => reports.schedule(params),
    'reports.unschedule': async ({ id }) => ({ removed: reports.unschedule(id) }),
  } satisfies Partial<Handlers>;
}
