/** What the store needs from the machine: a journal, a place for images. Implemented in `core/node/store`. */
import type { Damage, Frame } from './frame.ts';
import type { FateOf } from './rewrite.ts';

/** A place in the journal: everything before it has been read. */
export interface JournalPosition {
  segment: string;
  offset: number;
}

export interface JournalInfo {
  segments: number;
  bytes: number;
}

export interface SegmentDamage extends Damage {
  segment: string;
}

/** Visits readable frames in order, and damaged stretches. */
export interface JournalVisitor {
  onFrame(frame: Frame, segment: string): void;
  onDamage(damage: SegmentDamage): void;
}

export interface Journal {
  /**
   * Visits everything behind `after` (from the start when null) and makes the journal ready for appending: a torn tail
   * is cut. Throws where the position names a segment that is not there.
   */
  replay(after: JournalPosition | null, visitor: JournalVisitor): void;
  /** Visits what lies between two places, and changes nothing. */
  visit(after: JournalPosition | null, until: JournalPosition, visitor: JournalVisitor): void;
  /**
   * Appends frames; resolves once they are durable, with the place of each one's payload. Rejects with
   * `storage-failed` when that is not known; the frames may then still turn up in a later replay.
   */
  append(frames: { firstSequence: number; count: number; payload: Uint8Array }[]): Promise<JournalPosition[]>;
  /**
   * Takes events out of the journal for good, or puts others in their place: segment by segment, each in one step, so
   * that a crash leaves every segment either old or new and doing it again ends it. No append may be under way;
   * {@link replay} comes before the next. Torn tails that were kept aside go too.
   *
   * @param onStep told before each step that touches the disk
   */
  rewrite(fateOf: FateOf, onStep?: (step: string) => void): { dropped: number; replaced: number };
  /** Bytes of a segment. Throws `storage-failed` where they are not there. The result may not be kept. */
  read(segment: string, offset: number, length: number): Uint8Array;
  /** Where the next frame will go. */
  position(): JournalPosition;
  info(): JournalInfo;
  close(): Promise<void>;
}

/** An image as it is kept: a head that says what it is, and parts of bytes. */
export interface Image<Head> {
  name: string;
  head: Head;
}

export interface Images<Head> {
  /** Images whose heads are readable, in order of their names. */
  list(): Image<Head>[];
  /** A part of an image; undefined where it is damaged or gone. */
  part(name: string, index: number): Uint8Array | undefined;
  /** Like `part`, in memory that the next call takes again: for a part of megabytes that is copied at once. */
  passingPart(name: string, index: number): Uint8Array | undefined;
  /** Writes an image in one step; it is durable when this resolves. */
  save(name: string, head: Head, parts: readonly Uint8Array[]): Promise<void>;
  remove(name: string): void;
  /** Removes all, and what unfinished writes left; durable when it returns. */
  clear(): void;
}
