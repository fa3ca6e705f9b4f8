/**
 * Rewriting a segment of the journal: the only way in which anything ever leaves it. Events keep their sequences; where
 * one goes there is a gap, so a frame may become several. Frames that cannot be read here stay as they are; damaged
 * stretches go, because nobody can say whose they are.
 */
import type { Platform } from '../platform.ts';
import { encodeFrame, encodeSegmentHeader, type Frame, readSegment } from './frame.ts';
import { eventsOfFrame } from './frame-events.ts';

/** What becomes of an event: nothing, it goes, or another text takes its place. */
export type Fate = 'keep' | 'drop' | { text: string };

/** Decides about an event by its JSON text and its sequence. */
export type FateOf = (text: string, sequence: number) => Fate;

export interface Rewritten {
  /** The new segment, in parts; none where no event is left. */
  parts: Uint8Array[];
  dropped: number;
  replaced: number;
}

type Needs = Pick<Platform, 'crc32' | 'decodeUtf8' | 'encodeUtf8'>;

/** The segment without what goes; undefined where it stays as it is. */
export function rewriteSegment(bytes: Uint8Array, fateOf: FateOf, platform: Needs): Rewritten | undefined {
  const result: Rewritten = { parts: [], dropped: 0, replaced: 0 };
  let first: number | undefined;
  const { damage } = readSegment(bytes, platform.crc32, (frame) => {
    first ??= frame.firstSequence;
    result.parts.push(...rewriteFrame(bytes, frame, fateOf, platform, result));
  });
  if (result.dropped + result.replaced + damage.length === 0) return undefined;
  if (result.parts.length > 0) result.parts.unshift(encodeSegmentHeader(first ?? 1, platform.crc32));
  return result;
}

function rewriteFrame(
  segment: Uint8Array,
  frame: Frame,
  fateOf: FateOf,
  platform: Needs,
  result: Rewritten,
): Uint8Array[] {
  const whole = [segment.subarray(frame.start, frame.end)];
  const events = eventsOfFrame(frame, platform);
  if (typeof events === 'string') return whole;
  const parts: Uint8Array[] = [];
  const before = result.dropped + result.replaced;
  let run: string[] = [];
  const endRun = (next: number) => {
    if (run.length > 0) {
      const payload = platform.encodeUtf8(`${run.join('\n')}\n`);
      parts.push(...encodeFrame(next - run.length, run.length, payload, platform.crc32));
    }
    run = [];
  };
  for (let i = 0; i < events.count; i++) {
    const sequence = frame.firstSequence + i;
    const text = platform.decodeUtf8(events.payload.subarray(events.starts[i], events.ends[i])).trimEnd();
    const fate = fateOf(text, sequence);
    if (fate === 'drop') {
      endRun(sequence);
      result.dropped++;
    } else if (fate === 'keep') {
      run.push(text);
    } else {
      run.push(fate.text);
      result.replaced++;
    }
  }
  endRun(frame.firstSequence + events.count);
  return result.dropped + result.replaced === before ? whole : parts;
}
