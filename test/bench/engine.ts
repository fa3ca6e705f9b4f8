/**
 * `npm run bench:engine [-- --json FILE --count N]`: what the engine's heavier answers cost on a million events, one in five of
 * them a prediction or its outcome: how long each takes by the clock and by the thread's own time, which other programs do
 * not slow down, the longest that the thread is held at a time meanwhile (its own time too), and the memory that is left
 * behind. Folder: `.cache/bench`, kept between runs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Caller } from '../../core/api/dispatch.ts';
import type { MethodName, Params } from '../../core/contract/methods.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { hostEngine } from '../../core/node/engine/host.ts';
import { median, significant } from '../../core/numbers.ts';
import { type BenchEvent, benchEvent } from './events.ts';
import { machine, machineLine } from './machine.ts';
import { storeOf } from './million.ts';

const { values } = parseArgs({
  options: { json: { type: 'string' }, count: { type: 'string', default: '1000000' } },
});
const count = Number(values.count);
const ROUNDS = 9;
const BEAT_MS = 2;
const CALLER: Caller = { role: 'admin', via: 'bench' };

interface Timed {
  /** By the clock. */
  ms: number;
  /** Of the thread's own time: all of it, and the longest without a pause. */
  threadMs: number;
  heldMs: number;
}

interface Figure {
  what: string;
  first: Timed;
  /** Medians of the calls behind the first. */
  later: Timed;
  heapMb: number;
}

/** Every tenth event is a prediction about a statement, the one behind it its outcome. */
function engineEvent(n: number, total: number): BenchEvent {
  const event = benchEvent(n, total);
  if (n % 10 > 1) return event;
  const about = benchEvent(n - (n % 10), total);
  const p = (n % 97) / 97;
  if (n % 10 === 1)
    return {
      ...event,
      type: 'ai_accuracy',
      source: 'engine:telemetry-engine',
      data: {
        predictionId: about.id,
        modelId: 'error-prediction',
        modelVersion: '3',
        accuracy: 1 - p,
        predicted: p,
        actual: 0,
      },
    } as BenchEvent;
  return {
    ...event,
    type: 'ai_prediction',
    source: 'ai-service',
    data: {
      modelId: 'error-prediction',
      modelVersion: '3',
      subject: `migration ${n % 5_000}, statement 1`,
      subjectType: 'statement',
      migration: `migration ${n % 5_000}`,
      statement: 0,
      operations: ['add_column'],
      confidence: 0.5,
      failureProbability: p,
      durationMs: { p10: 1, p50: 4, p90: 20 },
    },
  } as BenchEvent;
}

const folder = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
mkdirSync(folder, { recursive: true });
const path = await storeOf(folder, count, { name: 'engine', eventOf: engineEvent });
const opening = performance.now();
const hosted = await hostEngine(new DataFolder(path));
const openMs = performance.now() - opening;
const { engine } = hosted;
await engine.settings.update({ retrain: { ...engine.settings.current().retrain, auto: false } });

const figures: Figure[] = [];
await measure('the watch catches up', () => engine.watch.caughtUp());
await call('stats.get', {});
await call('models.performance', { id: 'error-prediction' });
await call('analysis.run', { fresh: true });
await call('accuracy.get', {});
await call('predictions.list', {});
await call('feedback.queue', {});
await call('series.list', {});
await call('migrations.list', {});
await call('events.list', { text: 'found nowhere' });
await call('events.histogram', { text: 'found nowhere' });
await hosted.close('measured');
report();
process.exit(0);

function call<M extends MethodName>(method: M, params: Params<M>): Promise<void> {
  return measure(method, async () => void (await hosted.dispatch(method, params, CALLER)));
}

async function measure(what: string, work: () => Promise<void>): Promise<void> {
  const first = await timed(work);
  const rounds: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await timed(work));
  globalThis.gc?.();
  const middle = (key: keyof Timed) => median(rounds.map((one) => one[key]));
  const later = { ms: middle('ms'), threadMs: middle('threadMs'), heldMs: middle('heldMs') };
  figures.push({ what, first, later, heapMb: process.memoryUsage().heapUsed / 1e6 });
}

/** Milliseconds that this thread has had of a processor. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** A timer that should come every two milliseconds says how long nobody else had a turn. */
async function timed(work: () => Promise<void>): Promise<Timed> {
  let last = threadTime();
  let heldMs = 0;
  const beat = () => {
    const now = threadTime();
    heldMs = Math.max(heldMs, now - last);
    last = now;
  };
  const timer = setInterval(beat, BEAT_MS);
  const [started, threadStarted] = [performance.now(), last];
  await work();
  const ms = performance.now() - started;
  beat();
  clearInterval(timer);
  return { ms, threadMs: last - threadStarted, heldMs };
}

function report(): void {
  const text = (value: number) => String(significant(value)).padStart(10);
  console.log(`${count} events; opened in ${significant(openMs)} ms`);
  console.log(
    `${''.padEnd(22)}${['first ms', 'thread', 'held', 'later ms', 'thread', 'held', 'heap MB'].map((name) => name.padStart(10)).join('')}`,
  );
  for (const { what, first, later, heapMb } of figures) {
    const row = [first.ms, first.threadMs, first.heldMs, later.ms, later.threadMs, later.heldMs, heapMb];
    console.log(`${what.padEnd(22)}${row.map(text).join('')}`);
  }
  const measuredOn = machine();
  console.log(machineLine(measuredOn));
  if (values.json)
    writeFileSync(
      values.json,
      `${JSON.stringify({ at: new Date().toISOString(), machine: measuredOn, count, openMs, figures }, null, 1)}\n`,
    );
}
