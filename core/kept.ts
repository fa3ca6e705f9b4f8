/** One small document that is kept between runs. Implemented by `core/node/store/kept-file.ts`. */
export interface Kept {
  /** Undefined where nothing is kept yet. Throws `storage-failed` where what is there cannot be read. */
  read(): unknown;
  /** Replaces the document in one step; it is durable when this returns. */
  write(value: unknown): void;
}

/** A document that is kept in memory only. */
export function keptInMemory(value?: unknown): Kept {
  let kept = value;
  return {
    read: () => structuredCloneOf(kept),
    write(next) {
      kept = structuredCloneOf(next);
    },
  };
}

function structuredCloneOf(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
