/** Times and counts the operations of an engine, and forwards each as a `performance_metric` event. */
import type { EventInput } from '../contract/event.ts';
import type { EngineName } from '../contract/health.ts';
import type { Platform } from '../platform.ts';

/** Takes events on their way to the store. Never throws and never blocks: what it forwards is not worth failing for. */
export type Forward = (event: EventInput) => void;

export interface Instrument {
  /** Runs an operation of the engine; its duration and whether it threw are forwarded, its result or error passed on. */
  measure<T>(operation: string, work: () => T): T;
}

export function instrument(
  component: EngineName,
  forward: Forward,
  platform: Pick<Platform, 'monotonic'>,
): Instrument {
  return {
    measure(operation, work) {
      const started = platform.monotonic();
      const done = (success: boolean) => {
        const durationMs = Math.round((platform.monotonic() - started) * 1_000) / 1_000;
        forward({
          type: 'performance_metric',
          source: `engine:${component}`,
          data: { operation, component, durationMs, success },
        });
      };
      try {
        const result = work();
        if (result instanceof Promise) {
          result.then(
            () => done(true),
            () => done(false),
          );
        } else {
          done(true);
        }
        return result;
      } catch (error) {
        done(false);
        throw error;
      }
    },
  };
}
