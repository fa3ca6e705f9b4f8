/** `aibos journal inspect` against journals whose content is known. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodePlatform } from '../../../core/node/platform.ts';
import { encodeFrame, encodeSegmentHeader, FRAME_HEADER_BYTES } from '../../../core/store/frame.ts';
import { temporaryDataFolder } from '../../support/temp.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));
const { crc32, encodeUtf8 } = nodePlatform;

function inspect(folder: string, ...args: string[]) {
  const given = ['journal', 'inspect', '--data-dir', folder, ...args];
  const { status, stdout } = spawnSync(process.execPath, [AIBOS, ...given], { encoding: 'utf8' });
  return { code: status, stdout };
}

const line = (n: number) =>
  `${JSON.stringify({ id: `id-${n}`, type: 'user_interaction', source: 'test', timestamp: '2026-11-23T00:00:00.000Z', data: { action: 'x' }, metadata: {} })}\n`;

/** A journal of three frames: events 1 and 2, 3, and 6. */
function journal(t: TestContext): { folder: string; path: string; starts: number[] } {
  const folder = temporaryDataFolder(t);
  const path = join(folder.folder('journal'), '0000000000000001.journal');
  const frames = [
    encodeFrame(1, 2, encodeUtf8(line(1) + line(2)), crc32),
    encodeFrame(3, 1, encodeUtf8(line(3)), crc32),
    encodeFrame(6, 1, encodeUtf8(line(6)), crc32),
  ].map((parts) => Buffer.concat(parts));
  const header = encodeSegmentHeader(1, crc32);
  writeFileSync(path, Buffer.concat([header, ...frames]));
  let at = header.length;
  const starts = frames.map(({ length }) => {
    at += length;
    return at - length;
  });
  return { folder: folder.path, path, starts };
}

test('a whole journal: its frames, events, sequences and gaps', (t) => {
  const { folder, starts } = journal(t);
  const { code, stdout } = inspect(folder, '--format', 'json', '--frames');
  assert.equal(code, 0);
  const { events, gaps, segments, formatVersion } = JSON.parse(stdout);
  assert.deepEqual({ events, gaps, formatVersion }, { events: 4, gaps: [[4, 5]], formatVersion: 1 });
  assert.deepEqual(
    segments[0].frames.map(({ offset, events: of, firstSequence, kind }: Record<string, unknown>) => [
      offset,
      of,
      firstSequence,
      kind,
    ]),
    [
      [starts[0], 2, 1, 'lines'],
      [starts[1], 1, 3, 'lines'],
      [starts[2], 1, 6, 'lines'],
    ],
  );
  assert.match(inspect(folder).stdout, /4 events[\s\S]*4 to 5[\s\S]*Every frame is whole/);
});

test('damage is told with its place, and everything behind it is read', (t) => {
  const { folder, path, starts } = journal(t);
  const whole = readFileSync(path);
  const bytes = Buffer.from(whole);
  const hurt = (starts[1] ?? 0) + FRAME_HEADER_BYTES + 3;
  bytes[hurt] = (bytes[hurt] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const { code, stdout } = inspect(folder, '--format', 'json');
  assert.equal(code, 1);
  const [segment] = JSON.parse(stdout).segments;
  assert.equal(segment.frames, 2);
  assert.deepEqual(segment.damage, [
    { start: starts[1], end: starts[2], place: 'middle', reason: 'a frame’s checksum is wrong' },
  ]);
  writeFileSync(path, whole);
  truncateSync(path, whole.length - 1);
  assert.match(inspect(folder).stdout, new RegExp(`bytes ${starts[2]} to ${whole.length - 1} cut off`));
  assert.deepEqual(readFileSync(path), whole.subarray(0, -1), 'inspecting changes nothing');
});

test('a frame that is encrypted says with which key, and is not taken for damage', (t) => {
  const { folder, path } = journal(t);
  const frame = Buffer.concat(encodeFrame(7, 1, encodeUtf8('not to be read'), crc32));
  frame.writeUInt8(1, 21);
  frame.writeUInt32LE(77, 24);
  frame.writeUInt32LE(crc32(frame.subarray(0, 44)), 44);
  writeFileSync(path, Buffer.concat([readFileSync(path), frame]));
  const { code, stdout } = inspect(folder, '--format', 'json', '--frames');
  assert.equal(code, 1);
  const [segment] = JSON.parse(stdout).segments;
  assert.deepEqual(segment.damage, []);
  assert.equal(segment.frames.at(-1).keyId, 77);
  assert.match(segment.frames.at(-1).problem, /encrypted with key 77/);
});
