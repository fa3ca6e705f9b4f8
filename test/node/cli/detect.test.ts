/** `aibos detect` as outside tools use it. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StreamDetector } from '../../../core/detect/detector.ts';
import { makeTelemetry } from '../../support/telemetry.ts';
import { temporaryFolder } from '../../support/temp.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));
const series = makeTelemetry('daily', ['spike'], 31, 1200);
const csv = series.values.map((value, i) => `${new Date(series.times[i] ?? 0).toISOString()},${value}\n`);

function detect(args: string[], input: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, 'detect', ...args], {
    input,
    encoding: 'utf8',
  });
  return { status, lines: stdout.split('\n').slice(0, -1), stderr };
}

test('one score for each data line, those of the detector', () => {
  const detector = new StreamDetector();
  const expected = series.values.map((value, i) => detector.push(series.times[i], value));
  const { status, lines, stderr } = detect(['--format', 'scores'], `timestamp,value\n${csv.join('')}`);
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.equal(lines.length, expected.length);
  lines.forEach((line, i) => {
    assert.ok(Math.abs(Number(line) - (expected[i] ?? 0)) < 1e-6, `line ${i}`);
  });
});

test('a score is there before the next line is', async () => {
  const child = spawn(process.execPath, [AIBOS, 'detect', '--format', 'scores'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for (const line of csv.slice(0, 5)) {
    child.stdin.write(line);
    const [chunk] = await once(child.stdout, 'data');
    assert.match(String(chunk), /^[\d.]+\n$/);
  }
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('bad lines are named, get 0, and cost nothing else', () => {
  const input =
    '\uFEFFtimestamp,value\r\n2026-01-01 00:00:00,1\r\nsoon,2\r\n2026-01-01 00:10:00,abc\r\n\r\n,NaN\r\n2026-01-01 00:15:00,3';
  const { status, lines, stderr } = detect(['--format', 'scores'], input);
  assert.equal(status, 0);
  assert.deepEqual(lines, ['0', '0', '0', '0', '0']);
  assert.match(stderr, /line 3: “soon” is not a time/);
  assert.match(stderr, /line 4: “abc” is not a finite number/);
  assert.match(stderr, /line 6: has no value/);
});

test('many bad lines are counted, not all printed', () => {
  const { stderr } = detect(['--format', 'scores'], 'a,x\n'.repeat(60));
  assert.match(stderr, /39 more lines with a problem/);
  assert.ok(stderr.split('\n').length < 25);
});

test('as JSON with range, kind and severity; as text with the alarm', () => {
  const at = series.incidents[0]?.from ?? 0;
  const { lines } = detect(['--format', 'json'], csv.join(''));
  const found = JSON.parse(lines[at] ?? '');
  assert.equal(found.line, at + 1);
  assert.equal(found.kind, 'spike');
  assert.equal(found.alarm, true);
  assert.match(found.severity, /warning|error/);
  assert.ok(found.expected.low < found.expected.high && found.value > found.expected.high);
  const text = detect([], csv.join('')).lines;
  assert.ok(
    text.some((line) => line.includes('spike') && line.includes('expected')),
    text.join('\n'),
  );
  assert.match(text.at(-1) ?? '', /^1,200 values, \d+ alarm/);
});

test('it goes on where it was saved, and refuses a state that is none', (t) => {
  const state = join(temporaryFolder(t), 'state.json');
  const whole = detect(['--format', 'scores'], csv.join('')).lines;
  const first = detect(['--format', 'scores', '--state', state], csv.slice(0, 700).join('')).lines;
  const second = detect(['--format', 'scores', '--state', state], csv.slice(700).join('')).lines;
  assert.deepEqual([...first, ...second], whole);
  assert.equal(JSON.parse(readFileSync(state, 'utf8')).version, 1);
  const wrong = detect(
    ['--state', join(fileURLToPath(new URL('../../../package.json', import.meta.url)))],
    '',
  );
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /not a detector state/);
});

test('a reader that has had enough is no error', async () => {
  const child = spawn(process.execPath, [AIBOS, 'detect', '--format', 'json'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(csv.join('').repeat(20));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
