import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodePlatform } from '../../../core/node/platform.ts';
import {
  encodeFrame,
  encodeSegmentHeader,
  type Frame,
  readSegment,
  SEGMENT_HEADER_BYTES,
} from '../../../core/store/frame.ts';

const { crc32 } = nodePlatform;
const text = (n: number) =>
  nodePlatform.encodeUtf8(JSON.stringify([{ n, text: 'ABJF inside a payload is no frame' }]));

/** A segment of frames 1 to `count`, one record each. */
function segment(count: number): Buffer {
  const frames = Array.from({ length: count }, (_, i) => encodeFrame(i + 1, 1, text(i + 1), crc32)).flat();
  return Buffer.concat([encodeSegmentHeader(1, crc32), ...frames]);
}

/** All of a segment. */
function read(bytes: Uint8Array) {
  const frames: Frame[] = [];
  const { damage, end } = readSegment(bytes, crc32, (frame) => frames.push(frame));
  return { frames, damage, end };
}

const sequences = (bytes: Uint8Array) => read(bytes).frames.map(({ firstSequence }) => firstSequence);

test('a whole segment reads back', () => {
  const bytes = segment(5);
  const { frames, damage, end } = read(bytes);
  assert.deepEqual(
    frames.map(({ firstSequence }) => firstSequence),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    frames.map(({ payload }) => nodePlatform.decodeUtf8(payload)),
    [1, 2, 3, 4, 5].map((n) => nodePlatform.decodeUtf8(text(n))),
  );
  assert.deepEqual(damage, []);
  assert.equal(end, bytes.length);
});

test('cut at every byte: whole frames are read, the rest is one torn tail', () => {
  const bytes = segment(3);
  const ends = read(bytes).frames.map(({ end }) => end);
  for (let length = SEGMENT_HEADER_BYTES; length < bytes.length; length++) {
    const cut = read(bytes.subarray(0, length));
    assert.equal(cut.frames.length, ends.filter((end) => end <= length).length, `cut at ${length}`);
    const clean = length === SEGMENT_HEADER_BYTES || ends.includes(length);
    assert.deepEqual(
      cut.damage.map(({ place }) => place),
      clean ? [] : ['tail'],
      `cut at ${length}`,
    );
    assert.ok(cut.end <= length);
  }
});

test('a flipped bit at every byte costs at most the frame it is in, and is reported', () => {
  const bytes = segment(3);
  const { frames } = read(bytes);
  for (let at = 0; at < bytes.length; at++) {
    const hurt = Buffer.from(bytes);
    hurt[at] = (hurt[at] ?? 0) ^ 0x10;
    const found = read(hurt);
    const lost = frames.findIndex(({ start, end }) => at >= start && at < end);
    const expected = [1, 2, 3].filter((n) => n !== lost + 1);
    assert.deepEqual(
      found.frames.map(({ firstSequence }) => firstSequence),
      expected,
      `byte ${at}`,
    );
    const reserved = at >= 12 && at < 16;
    assert.ok(found.damage.length === 1 || reserved, `byte ${at} was not reported`);
  }
});

test('garbage between frames is passed over', () => {
  const bytes = segment(2);
  const garbage = Buffer.from('ABJFABJF'.repeat(20));
  const first = read(bytes).frames[0]?.end ?? 0;
  assert.deepEqual(
    sequences(Buffer.concat([bytes.subarray(0, first), garbage, bytes.subarray(first)])),
    [1, 2],
  );
});
