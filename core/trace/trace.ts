/**
 * Which user action is being served right now: the request, correlation and session ids that every event recorded on
 * its behalf carries. How the ids follow asynchronous code is the platform's business (`core/node/trace.ts`).
 */
import type { CallContext } from '../contract/client.ts';

export interface Trace {
  /** The ids in force here; empty outside any action. */
  current(): CallContext;
  /** Runs `work` with these ids in force, over those already in force. */
  run<T>(context: CallContext, work: () => T): T;
}
