/** Opens a store on a folder, with what tests turn down so that little data meets every border. */
import { join } from 'node:path';
import { readAsset } from '../../core/node/assets.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { ImageFiles } from '../../core/node/store/image-files.ts';
import { JournalFiles } from '../../core/node/store/journal-files.ts';
import { EventStore } from '../../core/store/event-store.ts';
import type { PartitionHead } from '../../core/store/partition.ts';
import { loadSqlite } from '../../core/store/sqlite.ts';

const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));

export interface StoreSizes {
  segmentBytes?: number;
  partitionEvents?: number;
}

/** The folder holds `journal/` and `images/`, which are made where they are missing. */
export function storeIn(folder: string, { segmentBytes, partitionEvents }: StoreSizes = {}): EventStore {
  return EventStore.open({
    sqlite,
    platform: nodePlatform,
    journal: new JournalFiles(join(folder, 'journal'), segmentBytes === undefined ? {} : { segmentBytes }),
    images: new ImageFiles<PartitionHead>(join(folder, 'images')),
    ...(partitionEvents === undefined ? {} : { partitionEvents }),
  });
}

/** Everything that a store holds, oldest first. */
export function allOf(store: EventStore) {
  return store.after(0, Number.MAX_SAFE_INTEGER);
}
