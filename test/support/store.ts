/** A store on a journal and images in memory, for tests of what is made from them. */
import type { EventInput } from '../../core/contract/event.ts';
import { completeEvent } from '../../core/events/complete.ts';
import { uuidV7Source } from '../../core/events/ids.ts';
import { readAsset } from '../../core/node/assets.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { EventStore, type StoreOptions } from '../../core/store/event-store.ts';
import { encodeFrame, encodeSegmentHeader, FRAME_HEADER_BYTES, readSegment } from '../../core/store/frame.ts';
import type { PartitionHead } from '../../core/store/partition.ts';
import type { Images, Journal, JournalVisitor } from '../../core/store/ports.ts';
import { rewriteSegment } from '../../core/store/rewrite.ts';
import { loadSqlite } from '../../core/store/sqlite.ts';

const SEGMENT = 'memory';

export async function memoryStore(options: Partial<StoreOptions> = {}): Promise<EventStore> {
  return EventStore.open({
    sqlite: await loadSqlite(await readAsset('sql-wasm.wasm')),
    journal: memoryJournal(),
    images: memoryImages(),
    platform: nodePlatform,
    ...options,
  });
}

/** A store that holds events, completed as at `now`; `record` adds more. */
export async function storeOf(events: readonly EventInput[], now: number) {
  const store = await memoryStore();
  const newId = uuidV7Source(nodePlatform);
  const record = (more: readonly EventInput[]) =>
    store.append(
      more.map((event) => completeEvent(event, { newId, now: () => now, trace: {}, defaults: {} })),
    );
  await record(events);
  return { store, record };
}

/** One segment, durable at once. */
export function memoryJournal(): Journal {
  let bytes = Buffer.from(encodeSegmentHeader(1, nodePlatform.crc32));
  const read = (from: number | undefined, until: number, { onFrame, onDamage }: JournalVisitor) => {
    const { damage } = readSegment(
      bytes.subarray(0, until),
      nodePlatform.crc32,
      (frame) => onFrame(frame, SEGMENT),
      from,
    );
    for (const found of damage) onDamage({ ...found, segment: SEGMENT });
  };
  return {
    replay: (after, visitor) => read(after?.offset, bytes.length, visitor),
    visit: (after, until, visitor) => read(after?.offset, until.offset, visitor),
    async append(frames) {
      return frames.map(({ firstSequence, count, payload }) => {
        const offset = bytes.length + FRAME_HEADER_BYTES;
        bytes = Buffer.concat([bytes, ...encodeFrame(firstSequence, count, payload, nodePlatform.crc32)]);
        return { segment: SEGMENT, offset };
      });
    },
    rewrite(fateOf) {
      const { parts, dropped, replaced } = rewriteSegment(bytes, fateOf, nodePlatform) ?? {
        parts: [bytes],
        dropped: 0,
        replaced: 0,
      };
      bytes = Buffer.concat(parts.length > 0 ? parts : [encodeSegmentHeader(1, nodePlatform.crc32)]);
      return { dropped, replaced };
    },
    read: (_segment, offset, length) => bytes.subarray(offset, offset + length),
    position: () => ({ segment: SEGMENT, offset: bytes.length }),
    info: () => ({ segments: 1, bytes: bytes.length }),
    close: async () => undefined,
  };
}

export function memoryImages(): Images<PartitionHead> {
  const kept = new Map<string, { head: PartitionHead; parts: Uint8Array[] }>();
  return {
    list: () => [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { head }]) => ({ name, head })),
    part: (name, index) => kept.get(name)?.parts[index],
    passingPart: (name, index) => kept.get(name)?.parts[index],
    async save(name, head, parts) {
      kept.set(name, { head, parts: parts.map((part) => part.slice()) });
    },
    remove: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}
