/** What an engine does by itself: erasures whose time of grace is over, and the retention that the settings ask for. */
import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';

const EVERY_MS = 60 * 60_000;

/** Looks at once and then every hour. The result ends it. */
export function keepHouse(engine: AITelemetryEngine): () => void {
  const look = () => void tidy(engine).catch((error: unknown) => tell(engine, error));
  look();
  const timer = setInterval(look, EVERY_MS).unref();
  const end = engine.settings.onChanged(look);
  return () => {
    clearInterval(timer);
    end();
  };
}

/** Carries out the erasures that are due, then erases what is older than it may be. */
export async function tidy(engine: AITelemetryEngine): Promise<void> {
  const { erasures } = engine.privacy;
  await erasures.carryOutDue();
  const { retentionDays } = engine.settings.current();
  if (retentionDays !== undefined) await erasures.retain(retentionDays);
}

function tell(engine: AITelemetryEngine, error: unknown): void {
  engine.forward({
    type: 'error_occurrence',
    source: 'engine:telemetry-engine',
    data: {
      message: `What was to be erased could not be: ${error instanceof Error ? error.message : String(error)}`,
      severity: 'error',
      component: 'privacy',
    },
  });
}
