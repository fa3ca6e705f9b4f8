/**
 * What a long measurement has done so far: a file of lines, the first says what is measured, each other one is a schema with its
 * outcomes. A run that was interrupted goes on behind the last whole line; the schema that it was in is measured anew.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { type MeasuredSchema, Recorder } from './measurements.ts';

export class Progress {
  readonly done: readonly MeasuredSchema[];
  readonly #path: string;

  /**
   * @param what what decides the measurement: seed, sizes, time, machine
   * @param isFresh whether to begin anew where there is something
   * Throws where what is there is of another measurement.
   */
  constructor(path: string, what: object, isFresh = false) {
    this.#path = path;
    const lines = existsSync(path) && !isFresh ? wholeLines(path) : [];
    const [head, ...schemas] = lines;
    if (head !== undefined && head !== JSON.stringify(what))
      throw new Error(`${path} is of another measurement: ${head}. Go on with that one, or give --fresh.`);
    this.done = schemas.map((line) => JSON.parse(line) as MeasuredSchema);
    // Without the torn line of an interrupted run.
    writeFileSync(path, [JSON.stringify(what), ...schemas].map((line) => `${line}\n`).join(''));
  }

  /** Durable when it returns. */
  add(schema: MeasuredSchema): void {
    const file = openSync(this.#path, 'a');
    try {
      writeSync(file, `${JSON.stringify(schema)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** The measurement has ended. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function wholeLines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

export interface Plan {
  /** Rows of the schemas, in order. */
  sizes: readonly number[];
  /** Milliseconds for all of them. */
  budgetMs: number;
  /** Measures one schema in at most so many milliseconds; with the same number it makes the same schema. */
  measure(number: number, rows: number, leftMs: number): Promise<Omit<MeasuredSchema, 'ms'>>;
  /** Milliseconds of a clock that only goes on. */
  clock(): number;
  onSchema?(rows: number, outcomes: number, leftMs: number): void;
}

/** Measures what is left to measure; time that an earlier run took counts. */
export async function measureAll(progress: Progress, plan: Plan): Promise<Recorder> {
  const recorder = new Recorder();
  for (const schema of progress.done) recorder.add(schema);
  let left = plan.budgetMs - progress.done.reduce((sum, { ms }) => sum + ms, 0);
  for (let i = progress.done.length; i < plan.sizes.length && left > 0; i++) {
    const rows = plan.sizes[i] as number;
    const began = plan.clock();
    const measured = await plan.measure(i, rows, left);
    const schema = { ...measured, ms: Math.round(plan.clock() - began) };
    progress.add(schema);
    recorder.add(schema);
    left -= schema.ms;
    plan.onSchema?.(rows, recorder.count, left);
  }
  return recorder;
}
