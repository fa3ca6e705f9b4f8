/** Reading out of segments: whoever reads on, jumps, or reads what was appended since gets the bytes that are there. */
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SegmentReader } from '../../../core/node/store/segment-reader.ts';
import { seededRandom } from '../../../core/numbers.ts';
import { temporaryFolder } from '../../support/temp.ts';

const random = seededRandom(5);

function bytesOf(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
}

/** Lengths like those of events, some longer than a block and one longer than a run. */
function lengthsUpTo(total: number): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < total; ) {
    const usual = 1 + Math.floor(random() * 900);
    const length = Math.min(total - at, lengths.length === 700 ? 300_000 : random() < 0.01 ? 40_000 : usual);
    lengths.push(length);
    at += length;
  }
  return lengths;
}

test('every event of two segments, in order, every tenth, at random and in turns', (t) => {
  const folder = temporaryFolder(t);
  const segments = new Map(['a', 'b'].map((name) => [name, bytesOf(1_200_000)]));
  for (const [name, bytes] of segments) writeFileSync(join(folder, name), bytes);
  const reader = new SegmentReader(folder);
  t.after(() => reader.close());
  const check = (name: string, offset: number, length: number) => {
    const bytes = segments.get(name) as Buffer;
    const read = reader.read(name, offset, length);
    assert.ok(bytes.subarray(offset, offset + length).equals(read), `${name} ${offset} ${length}`);
  };
  const events = [...segments.keys()].map((name) => {
    let offset = 0;
    return lengthsUpTo(1_200_000).map((length) => {
      const event = [name, offset, length] as const;
      offset += length;
      return event;
    });
  });
  for (const event of events.flat()) check(...event);
  for (const event of events.flat().filter((_, i) => i % 10 === 0)) check(...event);
  const [first = [], second = []] = events;
  for (let i = 0; i < Math.min(first.length, second.length); i++)
    for (const list of [first, second]) check(...(list[i] ?? first[0] ?? ['a', 0, 1]));
  for (let i = 0; i < 2_000; i++) {
    const list = random() < 0.5 ? first : second;
    check(...(list[Math.floor(random() * list.length)] ?? ['a', 0, 1]));
  }
});

test('what is appended can be read at once, and what is not there yet is said to be missing', (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'a');
  let bytes = bytesOf(10);
  writeFileSync(path, bytes);
  const reader = new SegmentReader(folder);
  t.after(() => reader.close());
  for (let i = 0; i < 300; i++) {
    assert.throws(() => reader.read('a', bytes.length - 5, 6), { code: 'storage-failed' });
    const more = bytesOf(1 + Math.floor(random() * 3_000));
    const offset = bytes.length;
    appendFileSync(path, more);
    bytes = Buffer.concat([bytes, more]);
    assert.ok(more.equals(reader.read('a', offset, more.length)));
  }
});
