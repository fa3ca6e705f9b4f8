/** Hands events to the engine until they are stored. They carry their ids, so a try whose answer was lost does no harm. */
import { setTimeout as delay } from 'node:timers/promises';
import { TelemetryError } from '../../../core/contract/errors.ts';
import type { EventInput } from '../../../core/contract/event.ts';
import type { Session } from '../../../core/node/engine/session.ts';

const BATCH = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const WORTH_ANOTHER_TRY = new Set(['unavailable', 'overloaded', 'storage-failed']);

export interface SendLog {
  error(message: string): void;
}

/** Resolves once all of them are stored; what the engine refuses as malformed is said in the log. */
export async function sendEvents(
  events: readonly EventInput[],
  session: () => Promise<Session>,
  log: SendLog,
): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH)
    await sendBatch(events.slice(from, from + BATCH), session, log);
}

async function sendBatch(events: EventInput[], session: () => Promise<Session>, log: SendLog): Promise<void> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      const { rejected } = await (await session()).client().call('events.record', { events });
      for (const { errors } of rejected) log.error(`refused: ${JSON.stringify(errors)}`);
      return;
    } catch (error) {
      if (!TelemetryError.is(error) || !WORTH_ANOTHER_TRY.has(error.code)) throw error;
      log.error(`not stored yet, trying again in ${wait} ms: ${error.message}`);
      await delay(wait);
    }
  }
}
