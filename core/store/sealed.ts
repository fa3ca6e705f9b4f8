/** A partition that never changes again. Its columns and tables are loaded when a query wants them, and may go again. */
import { Columns } from './columns.ts';
import type { EventSource, Span } from './event-source.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { Names } from './names.ts';
import type { PartitionHead } from './partition.ts';
import type { Image, Images } from './ports.ts';
import { SequenceRuns } from './sequence-runs.ts';
import { type SortedDurations, sortDurationsOf } from './sorted-durations.ts';
import type { Sqlite, SqliteModule } from './sqlite.ts';

/** Parts of an image, in order: hashes of the keys, columns, tables. */
export const PARTS = { keys: 0, columns: 1, tables: 2 } as const;

export interface SealedContext {
  sqlite: SqliteModule;
  images: Images<PartitionHead>;
  budget: MemoryBudget;
  /** Writes an image anew from the journal. */
  rebuild(head: PartitionHead): RebuiltImage;
}

export interface RebuiltImage {
  head: PartitionHead;
  columns: Uint8Array;
  tables: Uint8Array;
}

export class SealedPartition implements EventSource {
  #head: PartitionHead;
  readonly runs: SequenceRuns;
  readonly #name: string;
  readonly #context: SealedContext;
  #names: Names | undefined;
  #columns: Columns | undefined;
  #tables: Sqlite | undefined;
  #durations: SortedDurations | undefined;
  readonly #columnsKey = {};
  readonly #tablesKey = {};
  readonly #durationsKey = {};

  constructor({ name, head }: Image<PartitionHead>, context: SealedContext) {
    this.#head = head;
    this.runs = new SequenceRuns(head.runs);
    this.#name = name;
    this.#context = context;
  }

  get firstOrdinal(): number {
    return this.#head.firstOrdinal;
  }

  get count(): number {
    return this.#head.columns.count;
  }

  get segments(): readonly string[] {
    return this.#head.segments;
  }

  get span(): Span | undefined {
    return this.#head.span;
  }

  get names(): Names {
    this.#names ??= new Names(this.#head.columns.names);
    return this.#names;
  }

  columns(): Columns {
    const { budget } = this.#context;
    if (!this.#columns) {
      const image = this.#part('columns');
      this.#columns = Columns.fromImage(this.#head.columns, image);
      budget.hold(this.#columnsKey, this.#columns.bytes, () => {
        this.#columns = undefined;
      });
    } else {
      budget.touch(this.#columnsKey);
    }
    return this.#columns;
  }

  tables(): Sqlite {
    const { budget, sqlite } = this.#context;
    if (!this.#tables) {
      const image = this.#part('tables');
      const tables = sqlite.open(image);
      this.#tables = tables;
      budget.hold(this.#tablesKey, image.length, () => {
        this.#tables = undefined;
        tables.close();
      });
    } else {
      budget.touch(this.#tablesKey);
    }
    return this.#tables;
  }

  durations(): SortedDurations {
    const { budget } = this.#context;
    if (!this.#durations) {
      this.#durations = sortDurationsOf(this.columns());
      const drop = () => {
        this.#durations = undefined;
      };
      budget.hold(this.#durationsKey, this.#durations.bytes, drop, { dear: true });
    } else {
      budget.touch(this.#durationsKey);
    }
    return this.#durations;
  }

  close(): void {
    this.#context.budget.drop(this.#durationsKey);
    this.#context.budget.drop(this.#columnsKey);
    this.#context.budget.drop(this.#tablesKey);
  }

  #part(name: 'columns' | 'tables'): Uint8Array {
    const { images, rebuild } = this.#context;
    const image =
      name === 'tables' ? images.passingPart(this.#name, PARTS[name]) : images.part(this.#name, PARTS[name]);
    if (image) return image;
    const rebuilt = rebuild(this.#head);
    this.close();
    this.#head = rebuilt.head;
    return rebuilt[name];
  }
}
