/** What the main process and the engine host say to each other: plain data, so that it crosses a process as it is. */
import type { Problem } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { EventFilter, MethodName } from '../../core/contract/methods.ts';

/** Which live events a subscription delivers; without `after`, those from now on. */
export interface SubscribeOptions {
  after?: number;
  filter?: Pick<EventFilter, 'type' | 'workspace'>;
}

/** From the main process. `id` numbers a call, or a subscription, and comes back in what answers it. */
export type ToHost =
  | { kind: 'call'; id: number; method: MethodName; params: unknown }
  | { kind: 'subscribe'; id: number; options: SubscribeOptions }
  | { kind: 'unsubscribe'; id: number }
  | { kind: 'close'; reason: string };

/** From the engine host. `ready` comes once, before any answer; `failed` instead of it, and then nothing more. */
export type FromHost =
  | { kind: 'ready'; owner: boolean }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'problem'; id: number; problem: Problem }
  | { kind: 'events'; id: number; events: TelemetryEvent[] };
