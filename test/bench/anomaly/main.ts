/**
 * `npm run bench:anomaly -- [--nab PATH] [--labelled PATH] [--json FILE]`: how good and how fast the anomaly detector is, in
 * its one frozen configuration, beside trivial ones.
 *
 *     speed        points a second on one thread, by the clock and by the processor's time (which other programs do not
 *                  slow down), and the ratio to a rolling z-score in the same run
 *     made-up      event F1 on generated telemetry (test/support/telemetry.ts)
 *     --nab        a checkout of github.com/numenta/NAB: its score (standard profile, threshold chosen as it does), the score
 *                  with the threshold of the other categories, and nested: settings and threshold of the other categories
 *     --labelled   a folder of `timestamp,value,label` files: event F1
 *
 * Event F1 is given at the frozen alarm level (0.5) and at the best threshold, which only hindsight knows; for the others,
 * whose scores have no level of their own, at the best threshold only.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { StreamDetector } from '../../../core/detect/detector.ts';
import { CONTENDERS, DETECTOR, neighbours, scoresOf } from './detectors.ts';
import { bestEventScore, eventScore } from './event-score.ts';
import { bestThreshold, normalised, type Point, pointsOf, worthAt } from './nab-score.ts';
import { type LabelledSeries, loadLabelled, loadNab, makeLabelled } from './series.ts';

const SEEDS = [101, 102, 103];
const ROUNDS = 3;
const ALARM = 0.5;

const { values: options } = parseArgs({
  options: { nab: { type: 'string' }, labelled: { type: 'string' }, json: { type: 'string' } },
});
const made = makeLabelled(SEEDS);
const results: Record<string, unknown> = { node: process.version, date: new Date().toISOString() };

results.speed = speed(made);
results.made = events('made-up telemetry', made);
byKind(made);
if (options.nab !== undefined) results.nab = nab(loadNab(options.nab));
if (options.labelled !== undefined)
  results.labelled = events(options.labelled, loadLabelled(options.labelled));
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);

function speed(series: readonly LabelledSeries[]): Record<string, number> {
  const points = series.reduce((sum, { values }) => sum + values.length, 0);
  const fastest = (name: string) => {
    const make = CONTENDERS[name];
    let [wall, processor] = [0, 0];
    for (let round = 0; make && round < ROUNDS; round++) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      for (const one of series) scoresOf(one, make());
      const { user, system } = process.cpuUsage(before);
      wall = Math.max(wall, (1000 * points) / (performance.now() - start));
      processor = Math.max(processor, (1e6 * points) / (user + system));
    }
    return { wall: Math.round(wall), processor: Math.round(processor) };
  };
  const [own, rolling] = [fastest(DETECTOR), fastest('rolling z-score')];
  const figure = (number: number) => number.toLocaleString('en');
  console.log(
    `speed: ${figure(own.wall)} points/s by the clock, ${figure(own.processor)} by the processor’s time; ` +
      `rolling z-score ${figure(rolling.wall)}, ratio ${(own.processor / rolling.processor).toFixed(3)}; load ${loadavg()[0]?.toFixed(1)}`,
  );
  return { pointsPerSecond: own.wall, pointsPerProcessorSecond: own.processor, rollingZ: rolling.wall };
}

function events(name: string, series: readonly LabelledSeries[]): Record<string, unknown> {
  const anomalies = series.reduce((sum, { windows }) => sum + windows.length, 0);
  console.log(`\n${name}: ${series.length} series, ${anomalies} anomalies; event F1 (precision, recall)`);
  const found: Record<string, unknown> = {};
  for (const [contender, make] of Object.entries(CONTENDERS)) {
    const scores = series.map((one) => scoresOf(one, make()));
    const best = bestEventScore(series, scores);
    const level = contender === DETECTOR ? eventScore(series, scores, ALARM) : undefined;
    const text = [level && `at its level ${described(level)}`, `best ${described(best)}`].filter(Boolean);
    console.log(`  ${contender.padEnd(24)} ${text.join('   ')}`);
    found[contender] = { level, best };
  }
  return found;
}

function described({ f1, precision, recall }: { f1: number; precision: number; recall: number }): string {
  return `${f1.toFixed(3)} (${precision.toFixed(2)}, ${recall.toFixed(2)})`;
}

/** Share of each kind of incident that is found, and false alarms in series without any. */
function byKind(series: readonly LabelledSeries[]): void {
  const parts: string[] = [];
  for (const kind of new Set(series.map(({ category }) => category))) {
    const own = series.filter(({ category }) => category === kind);
    const scores = own.map((one) => scoresOf(one, new StreamDetector()));
    const alarms = scores.reduce((sum, one) => sum + one.filter((score) => score >= ALARM).length, 0);
    parts.push(
      kind === 'none'
        ? `${(alarms / own.length).toFixed(1)} alarms in 14 quiet days`
        : `${kind} ${eventScore(own, scores, ALARM).recall.toFixed(2)}`,
    );
  }
  console.log(`  found: ${parts.join(', ')}`);
}

function nab(series: readonly LabelledSeries[]): Record<string, unknown> {
  const categories = [...new Set(series.map(({ category }) => category))];
  console.log(`\nNumenta Anomaly Benchmark, standard profile: ${series.length} series`);
  const points = (make: (typeof CONTENDERS)[string]) =>
    series.map((one) => pointsOf(one, scoresOf(one, make())));
  const found: Record<string, unknown> = {};
  for (const [contender, make] of Object.entries(CONTENDERS)) {
    const own = points(make);
    const score = normalised(worthAt(own.flat(), bestThreshold(own.flat())));
    const others = leaveOneOut(series, categories, [own]);
    console.log(
      `  ${contender.padEnd(24)} ${score.toFixed(1)}   threshold of the other categories ${others.toFixed(1)}`,
    );
    found[contender] = { score, others };
  }
  const grid = neighbours().map((settings) => points(() => new StreamDetector(settings)));
  const each = grid.map((own) => normalised(worthAt(own.flat(), bestThreshold(own.flat()))));
  const nested = leaveOneOut(series, categories, grid);
  const [least, most] = [Math.min(...each), Math.max(...each)];
  console.log(`  nested, settings and threshold of the other categories: ${nested.toFixed(1)}`);
  console.log(`  the ${grid.length} settings one step around: ${least.toFixed(1)} to ${most.toFixed(1)}`);
  return { ...found, nested, neighbours: each };
}

/** Each category is scored with the settings and the threshold that are best for the others. */
function leaveOneOut(
  series: readonly LabelledSeries[],
  categories: readonly string[],
  grid: Point[][][],
): number {
  let [worth, windows] = [0, 0];
  for (const category of categories) {
    let best = { score: Number.NEGATIVE_INFINITY, threshold: 0, own: [] as Point[][] };
    for (const own of grid) {
      const others = own.filter((_, i) => series[i]?.category !== category).flat();
      const threshold = bestThreshold(others);
      const score = normalised(worthAt(others, threshold));
      if (score > best.score) best = { score, threshold, own };
    }
    const held = worthAt(best.own.filter((_, i) => series[i]?.category === category).flat(), best.threshold);
    worth += held.worth;
    windows += held.windows;
  }
  return normalised({ worth, windows });
}
