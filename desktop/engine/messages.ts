/** What the main process and the engine host say to each other: plain data, so that it crosses a process as it is. */

import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { EventFilter, MethodName } from '../../core/contract/methods.ts';
import type { Problem } from '../../core/contract/problem.ts';

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
  | { kind: 'import'; id: number; root: string }
  | { kind: 'cancel-import'; id: number }
  /** The answer to `print`: the PDF in base64, or why there is none. */
  | { kind: 'printed'; print: string; pdf?: string; why?: string }
  | { kind: 'close'; reason: string };

/** From the engine host. `ready` comes once, before any answer; `failed` instead of it, and then nothing more. */
export type FromHost =
  | { kind: 'ready'; owner: boolean }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'problem'; id: number; problem: Problem }
  | { kind: 'events'; id: number; events: TelemetryEvent[] }
  | { kind: 'import-progress'; id: number; place: string; done: number; total: number; name: string }
  | { kind: 'import-done'; id: number; outcome: ImportOutcome }
  | { kind: 'import-failed'; id: number; problem: Problem }
  /** The engine wants this page as a PDF. `print` is of this page alone, whatever host asked for others before. */
  | { kind: 'print'; print: string; html: string };

export interface ImportOutcome {
  histories: number;
  imported: number;
  failed: number;
  cancelled: boolean;
}
