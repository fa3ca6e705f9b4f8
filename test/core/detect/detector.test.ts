import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { StreamDetector } from '../../../core/detect/detector.ts';
import type { DeviationKind } from '../../../core/detect/kind.ts';
import { seededRandom } from '../../../core/numbers.ts';
import { makeTelemetry, SHAPES, type Telemetry } from '../../support/telemetry.ts';

const HOUR = 3_600_000;

function scores(
  { times, values }: Pick<Telemetry, 'times' | 'values'>,
  detector = new StreamDetector(),
): number[] {
  return values.map((value, i) => detector.push(times[i], value));
}

function prefix({ times, values }: Telemetry, length: number) {
  return { times: times.slice(0, length), values: values.slice(0, length) };
}

test('nothing comes from the future: a prefix has the scores of the whole, whatever follows', () => {
  for (const shape of SHAPES) {
    const series = makeTelemetry(shape, ['spike', 'level-shift'], 3, 1500);
    const whole = scores(series);
    for (const length of [1, 23, 24, 25, 47, 48, 300, 900, 1499]) {
      assert.deepEqual(scores(prefix(series, length)), whole.slice(0, length), `${shape}, first ${length}`);
      const other = prefix(series, length);
      other.values.push(1e9, -1e9);
      other.times.push((other.times.at(-1) ?? 0) + HOUR, (other.times.at(-1) ?? 0) + 2 * HOUR);
      assert.deepEqual(scores(other).slice(0, length), whole.slice(0, length));
    }
  }
});

test('saved and restored after every value, as JSON, the answers are the same to the last bit', () => {
  for (const shape of SHAPES) {
    const series = makeTelemetry(shape, ['flat-line', 'spike'], 5, 800);
    series.values[100] = Number.NaN;
    const plain = new StreamDetector();
    let restored = new StreamDetector();
    series.values.forEach((value, i) => {
      assert.equal(restored.push(series.times[i], value), plain.push(series.times[i], value));
      assert.deepEqual(restored.explain(), plain.explain());
      restored = StreamDetector.restore(JSON.parse(JSON.stringify(restored.save())));
    });
  }
});

test('memory does not grow with the series', () => {
  const random = seededRandom(1);
  const detector = new StreamDetector();
  const numbers = () => JSON.stringify(detector.save()).split(',').length;
  const feed = (count: number, from: number) => {
    for (let i = from; i < from + count; i++)
      detector.push(i * 60_000, random() < 0.01 ? 100 * random() : random());
  };
  feed(20_000, 0);
  const early = numbers();
  feed(60_000, 20_000);
  assert.ok(numbers() <= 600, `${numbers()} numbers`);
  assert.ok(numbers() - early < 150, `${early} numbers, later ${numbers()}`);
});

test('a clear spike gives one alarm, at once; quiet ones give few, though their noise has heavy tails', () => {
  const quiet = SHAPES.flatMap((shape) => scores(makeTelemetry(shape, [], 11)));
  const share = quiet.filter((score) => score >= 0.5).length / quiet.length;
  assert.ok(share < 0.0015, `${share}`);
  const series = makeTelemetry('daily', ['spike'], 11);
  const from = series.incidents[0]?.from ?? 0;
  const given = scores(series);
  assert.ok((given[from] ?? 0) > 0.6, `score ${given[from]}`);
  assert.equal(given.slice(from + 1, from + 50).filter((score) => score >= 0.5).length, 0);
  assert.ok(given.every((score) => score >= 0 && score <= 1));
});

function kindsDuring(
  values: number[],
  times: (number | undefined)[],
  from: number,
  to: number,
): DeviationKind[] {
  const detector = new StreamDetector();
  const kinds: DeviationKind[] = [];
  values.forEach((value, i) => {
    detector.push(times[i], value);
    const { kind } = detector.explain();
    if (kind && i >= from && i <= to) kinds.push(kind);
  });
  return kinds;
}

test('spike, level shift, slow drift, flat line, changed spread are told apart', () => {
  for (const kind of ['spike', 'level-shift', 'slow-drift', 'flat-line', 'changed-spread'] as const) {
    const series = makeTelemetry('noise', [kind], 7);
    const { from = 0, to = 0 } = series.incidents[0] ?? {};
    const kinds = kindsDuring(series.values, series.times, from, to);
    const late = kinds.slice(-Math.ceil(kinds.length / 4));
    const share = late.filter((found) => found === kind).length / late.length;
    assert.ok(kinds.length > 0, `${kind} is not seen`);
    assert.ok(share > 0.5, `${kind} is called ${[...new Set(late)].join(', ')}`);
  }
});

test('a silence is known when the next value comes', () => {
  const random = seededRandom(2);
  const detector = new StreamDetector();
  for (let i = 0; i < 500; i++) detector.push(i * 60_000, 10 + random());
  const score = detector.push(500 * 60_000 + 20 * HOUR, 10.5);
  assert.ok(score >= 0.5, `score ${score}`);
  assert.equal(detector.explain().kind, 'silence');
});

test('what recurs every day loses weight; what is new does not', () => {
  const random = seededRandom(4);
  const detector = new StreamDetector();
  const backups: number[] = [];
  for (let i = 0; i < 14 * 288; i++) {
    const score = detector.push(i * 300_000, 10 + random() + (i % 288 === 100 ? 50 : 0));
    if (i % 288 === 100) backups.push(score);
  }
  const last = backups.at(-1) ?? 1;
  assert.ok((backups[0] ?? 0) - last > 0.2, backups.map((score) => score.toFixed(2)).join(' '));
  assert.ok(detector.push(14 * 288 * 300_000, 200) > 0.5);
});

test('nine of ten usual values lie in the expected range', () => {
  for (const shape of ['noise', 'daily', 'counts'] as const) {
    const series = makeTelemetry(shape, [], 21);
    const detector = new StreamDetector();
    let inside = 0;
    let judged = 0;
    series.values.forEach((value, i) => {
      detector.push(series.times[i], value);
      const { expected } = detector.explain();
      if (!expected || i < 2500) return;
      judged++;
      assert.ok(expected.low <= expected.median && expected.median <= expected.high);
      if (value >= expected.low && value <= expected.high) inside++;
    });
    assert.ok(Math.abs(inside / judged - 0.9) < 0.06, `${shape}: ${inside / judged}`);
  }
});

test('missing, infinite and huge values, times that are missing, equal, unsorted or not finite do no harm', () => {
  const series = makeTelemetry('noise', ['spike'], 9, 1000);
  const detector = new StreamDetector();
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, -1e308, 1e308];
  series.values.forEach((value, i) => {
    const time = [series.times[i], undefined, Number.NaN, series.times[i - 300], series.times[i]][i % 5];
    const score = detector.push(time, i % 97 === 96 ? (odd[i % odd.length] ?? 0) : value);
    assert.ok(score >= 0 && score <= 1, `score ${score} at ${i}`);
  });
  StreamDetector.restore(JSON.parse(JSON.stringify(detector.save())));

  const [plain, missing] = [new StreamDetector(), new StreamDetector()];
  for (let i = 0; i < 200; i++) {
    plain.push(undefined, i % 7);
    missing.push(undefined, i % 7);
    assert.equal(missing.push(undefined, Number.NaN), 0);
  }
  assert.deepEqual(missing.save(), plain.save());
});

test('values without any time are judged as well', () => {
  const series = makeTelemetry('noise', ['spike'], 13, 1500);
  const detector = new StreamDetector();
  const given = series.values.map((value) => detector.push(undefined, value));
  assert.ok((given[series.incidents[0]?.from ?? 0] ?? 0) > 0.5);
});

test('feedback moves the alarm level of the series, within bounds', () => {
  const detector = new StreamDetector();
  const usual = detector.alarmLevel;
  detector.feedback(false);
  const stricter = detector.alarmLevel;
  assert.ok(stricter > usual);
  detector.feedback(true);
  assert.ok(detector.alarmLevel < stricter);
  for (let i = 0; i < 50; i++) detector.feedback(false);
  assert.ok(detector.alarmLevel <= 4 * usual + 1e-9);
  assert.equal(StreamDetector.restore(detector.save()).alarmLevel, detector.alarmLevel);
});

test('a state that is not one is refused with what to do', () => {
  const good = new StreamDetector().save();
  for (const bad of [
    null,
    3,
    {},
    { ...good, version: 0 },
    { ...good, witnesses: [] },
    { ...good, quiet: 'x' },
  ])
    assert.throws(
      () => StreamDetector.restore(bad),
      (error: unknown) => TelemetryError.is(error) && /Start without it/.test(error.message),
    );
});

test('the expected range fits a series whose spread is small beside its level', () => {
  const random = seededRandom(31);
  const detector = new StreamDetector();
  for (let i = 0; i < 100; i++) detector.push(i * 60_000, 1_000 + random());
  const { low = 0, median = 0, high = 0 } = detector.explain().expected ?? {};
  assert.ok(low >= 999 && low < median && median < high && high <= 1_002, `${low} ${median} ${high}`);
});
