/** The product's store, opened for measuring: without the engine around it, with the real journal on the real disk. */
import { join } from 'node:path';
import { readAsset } from '../../core/node/assets.ts';
import type { IntakeThreads } from '../../core/node/intake/thread.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { ImageFiles } from '../../core/node/store/image-files.ts';
import { JournalFiles } from '../../core/node/store/journal-files.ts';
import { EventStore, type StoreOptions, type UnstoredEvent } from '../../core/store/event-store.ts';
import type { PartitionHead } from '../../core/store/partition.ts';
import { loadSqlite } from '../../core/store/sqlite.ts';

export async function openStore(folder: string, options: Partial<StoreOptions> = {}): Promise<EventStore> {
  return EventStore.open({
    sqlite: await loadSqlite(await readAsset('sql-wasm.wasm')),
    journal: new JournalFiles(join(folder, 'journal')),
    images: new ImageFiles<PartitionHead>(join(folder, 'images')),
    platform: nodePlatform,
    ...options,
  });
}

/** Bodies on their way at a time, as several clients would have them. */
const OUTSTANDING = 4;

/** Stores bodies with one thread: parsed, encoded, durable. */
export async function storeWithOneThread(store: EventStore, bodies: readonly Uint8Array[]): Promise<void> {
  await outstanding(bodies, (body) => {
    const parsed = JSON.parse(nodePlatform.decodeUtf8(body)) as UnstoredEvent[];
    return store.append(Array.isArray(parsed) ? parsed : [parsed]);
  });
}

/** Stores bodies with two threads, as the server does: parsed, checked, redacted, encoded, durable. */
export async function storeWithTwoThreads(
  store: EventStore,
  intake: IntakeThreads,
  bodies: readonly Uint8Array[],
): Promise<void> {
  await outstanding(bodies, async (body) => {
    const { events, rejected } = await intake.encode(body, {}, {});
    if (rejected.length > 0)
      throw new Error(`an event of the benchmark is malformed: ${JSON.stringify(rejected[0])}`);
    return store.appendEncoded(events);
  });
}

async function outstanding<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: OUTSTANDING }, worker));
}
