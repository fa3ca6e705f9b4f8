/** What is written to the journal together: small batches share a frame, a large one has its own. */
import type { Platform } from '../platform.ts';
import { type Batch, EncodedBatch, ObjectBatch } from './batch.ts';
import { type EncodedEvents, encodeEvents, type UnstoredEvent } from './encode.ts';

/** Events on their way to the disk. */
export interface Pending {
  batch: Batch;
  /** Number of the first event among all, where everything before it becomes durable. */
  firstOrdinal: number;
  durable: Promise<void>;
  done: () => void;
  failed: (error: unknown) => void;
}

export interface Group {
  pending: Pending[];
  /** In order; their sequences follow each other. */
  frames: { events: EncodedEvents; firstSequence: number }[];
  /** The sequence behind the last one. */
  nextSequence: number;
}

const MAX_EVENTS_PER_FRAME = 10_000;
const MAX_EVENTS_PER_GROUP = 20_000;

/** Takes from the front of a queue what is written next, encoded. */
export function takeGroup(
  queue: Pending[],
  firstSequence: number,
  platform: Pick<Platform, 'encodeTexts'>,
): Group {
  const group: Group = { pending: [], frames: [], nextSequence: firstSequence };
  let size = 0;
  let loose: UnstoredEvent[] = [];
  const frame = (events: EncodedEvents) => {
    group.frames.push({ events, firstSequence: group.nextSequence });
    group.nextSequence += events.count;
  };
  const frameLoose = () => {
    if (loose.length > 0) frame(encodeEvents(loose, platform));
    loose = [];
  };
  for (const pending of queue) {
    const { batch } = pending;
    if (size > 0 && size + batch.count > MAX_EVENTS_PER_GROUP) break;
    size += batch.count;
    group.pending.push(pending);
    if (batch instanceof ObjectBatch) {
      for (const event of batch.events) {
        loose.push(event);
        if (loose.length === MAX_EVENTS_PER_FRAME) frameLoose();
      }
    } else if (batch instanceof EncodedBatch) {
      frameLoose();
      frame(batch.encoded());
    }
  }
  frameLoose();
  queue.splice(0, group.pending.length);
  return group;
}
