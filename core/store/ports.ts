/** What the store needs from the machine: a journal, a place for checkpoints. Implemented in `core/node/store`. */
import type { Damage, Frame } from './frame.ts';

/** A place in the journal: everything before it has been read. */
export interface JournalPosition {
  segment: string;
  offset: number;
}

export interface JournalInfo {
  segments: number;
  bytes: number;
}

export interface Journal {
  /**
   * Visits every readable frame behind `after` (from the start when null), in order, and every damaged stretch.
   * Throws where the position names a segment that is not there.
   */
  replay(
    after: JournalPosition | null,
    onFrame: (frame: Frame) => void,
    onDamage: (damage: SegmentDamage) => void,
  ): void;
  /**
   * Appends frames; resolves once they are durable. Rejects with `storage-failed` when that is not known; the frames
   * may then still turn up in a later replay.
   */
  append(frames: { firstSequence: number; count: number; payload: Uint8Array }[]): Promise<void>;
  /** Where the next frame will go. */
  position(): JournalPosition;
  info(): JournalInfo;
  close(): Promise<void>;
}

export interface SegmentDamage extends Damage {
  segment: string;
}

export interface Checkpoint {
  image: Uint8Array;
  position: JournalPosition;
  /** Highest sequence the image holds. */
  sequence: number;
  /** Code version of the tables in the image. */
  version: number;
}

export interface Checkpoints {
  /** Readable checkpoints, newest first. Damaged ones are passed over. */
  load(): Iterable<Checkpoint>;
  /** Replaces older checkpoints atomically. */
  save(checkpoint: Checkpoint): Promise<void>;
}
