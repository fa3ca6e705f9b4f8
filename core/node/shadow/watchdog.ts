/**
 * Watches over a process whose only thread may be held up in WebAssembly for ever: a thread beside it ends the process
 * when one step takes too long, when it takes too much memory, or when nobody is left who could want its answer.
 */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

export interface Bounds {
  /** Longest time of one step, in milliseconds. */
  stepMs: number;
  /** Most resident memory, in bytes. */
  memoryBytes: number;
}

/** What the watchdog writes on standard output, as a line of JSON, before it ends the process. */
export interface LastWord {
  why: 'time' | 'memory';
  /** The step that was under way. */
  step: number;
}

/** Tells the watchdog what is being done. */
export interface Watched {
  /** A step begins; a number names it. */
  begin(step: number, stepMs: number): void;
  /** Nothing is being done. */
  rest(): void;
}

const BETWEEN_LOOKS_MS = 100;

/** Runs in the thread: `cells` are [serial number of the step, step, its limit in ms], the serial 0 while at rest. */
const THREAD = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const { shared, memoryBytes, parent } = workerData;
const cells = new Int32Array(shared);
let seen = 0, since = 0;
const end = (why, step) => {
  if (why) try { writeSync(1, JSON.stringify({ why, step }) + '\\n'); } catch {}
  process.kill(process.pid, 'SIGKILL');
};
setInterval(() => {
  if (process.ppid !== parent) return end();
  const serial = Atomics.load(cells, 0), step = Atomics.load(cells, 1), limit = Atomics.load(cells, 2);
  if (serial === 0) { seen = 0; return; }
  if (serial !== seen) { seen = serial; since = performance.now(); }
  else if (performance.now() - since > limit) return end('time', step);
  if (process.memoryUsage.rss() > memoryBytes) end('memory', step);
}, ${BETWEEN_LOOKS_MS});
`;

export function watch({ stepMs, memoryBytes }: Bounds): Watched {
  const shared = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
  const cells = new Int32Array(shared);
  const thread = new Worker(THREAD, {
    eval: true,
    execArgv: [],
    workerData: { shared, memoryBytes, parent: process.ppid },
  });
  thread.unref();
  thread.on('error', (error) => writeSync(2, `The shadow goes on without its watchdog: ${error.message}\n`));
  let serial = 0;
  return {
    begin(step, limit = stepMs) {
      serial = (serial % 0x3fffffff) + 1;
      Atomics.store(cells, 1, step);
      Atomics.store(cells, 2, limit);
      Atomics.store(cells, 0, serial);
    },
    rest() {
      Atomics.store(cells, 0, 0);
    },
  };
}
