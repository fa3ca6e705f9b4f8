/** `aibos detect`: scores each value of a stream of `timestamp,value` lines as soon as it is there. */
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { TelemetryError } from '../../../contract/errors.ts';
import { type Explanation, StreamDetector } from '../../../detect/detector.ts';
import { deviationText } from '../../../detect/deviation-text.ts';
import { readLine } from '../../../detect/lines.ts';
import { significant } from '../../../numbers.ts';
import { count, plural } from '../../../report/format.ts';
import type { GlobalOptions } from '../context.ts';
import { EXIT } from '../output.ts';

export interface DetectOptions extends Omit<GlobalOptions, 'format'> {
  format: 'text' | 'scores' | 'json';
  /** File with what was learnt: read if it is there, written at the end. */
  state?: string;
}

/** Lines that are reported one by one; the rest are counted. */
const REPORTED = 20;
/** A line longer than this is no line of data. */
const LONGEST = 10_000;

export async function detectCommand(options: DetectOptions): Promise<number> {
  if (process.stdin.isTTY)
    throw new TelemetryError(
      'invalid-request',
      'Lines of “timestamp,value” are read from standard input: aibos detect < FILE.csv',
    );
  const { state } = options;
  const detector = state !== undefined && existsSync(state) ? load(state) : new StreamDetector();
  const run = new DetectRun(detector, options.format);
  let rest = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST);
    if (!(await write(lines.map((line) => run.line(line)).join('')))) break;
  }
  await write((rest === '' ? '' : run.line(rest)) + run.end());
  if (state !== undefined) save(state, detector);
  return EXIT.done;
}

/** One pass over the lines of an input; gives the text to write for each. */
class DetectRun {
  readonly #detector: StreamDetector;
  readonly #format: DetectOptions['format'];
  #number = 0;
  #atStart = true;
  #values = 0;
  #alarms = 0;
  #problems = 0;

  constructor(detector: StreamDetector, format: DetectOptions['format']) {
    this.#detector = detector;
    this.#format = format;
  }

  line(text: string): string {
    this.#number++;
    const whole = this.#number === 1 ? text.replace(/^\uFEFF/, '') : text;
    const line = readLine(whole.slice(0, LONGEST), this.#atStart);
    if (line.kind !== 'blank') this.#atStart = false;
    if (line.kind !== 'data') return '';
    this.#values++;
    const { time, value, problem } = line;
    if (problem !== undefined) this.#report(problem);
    const score = this.#detector.push(time, value);
    if (score >= 0.5) this.#alarms++;
    if (this.#format === 'scores') return `${round(score)}\n`;
    if (this.#format === 'text' && score < 0.5) return '';
    const explanation = this.#detector.explain();
    const at = time === undefined ? undefined : isoTime(time);
    if (this.#format === 'text')
      return `${at ?? `line ${this.#number}`}  ${deviationText(value, explanation)}\n`;
    const { alarm, kind, severity } = explanation;
    const expected = explanation.expected && mapped(explanation.expected);
    const known = Number.isNaN(value) ? null : value;
    return `${JSON.stringify({ line: this.#number, timestamp: at, value: known, score: round(score), alarm, kind, severity, expected })}\n`;
  }

  end(): string {
    if (this.#problems > REPORTED)
      process.stderr.write(`aibos: ${plural(this.#problems - REPORTED, 'more line')} with a problem\n`);
    if (this.#format !== 'text') return '';
    const problems = this.#problems === 0 ? '' : `, ${plural(this.#problems, 'line')} with a problem`;
    return `${count(this.#values)} ${this.#values === 1 ? 'value' : 'values'}, ${plural(this.#alarms, 'alarm')}${problems}\n`;
  }

  #report(problem: string): void {
    if (++this.#problems <= REPORTED) process.stderr.write(`aibos: line ${this.#number}: ${problem}\n`);
  }
}

function mapped({ low, median, high }: NonNullable<Explanation['expected']>): Explanation['expected'] {
  return { low: significant(low, 6), median: significant(median, 6), high: significant(high, 6) };
}

/** Six digits are more than a score means. */
function round(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}

function isoTime(time: number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** False once the reader has gone, as after `| head`. */
async function write(text: string): Promise<boolean> {
  const { stdout } = process;
  if (!stdout.writable) return false;
  if (text === '' || stdout.write(text)) return true;
  return once(stdout, 'drain').then(
    () => true,
    () => false,
  );
}

function load(path: string): StreamDetector {
  let saved: unknown;
  try {
    saved = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new TelemetryError('invalid-request', `${path} cannot be read as a detector’s state: ${said}`, {
      cause,
    });
  }
  return StreamDetector.restore(saved);
}

/** Whole or not at all: an interrupted write leaves the state of before. */
function save(path: string, detector: StreamDetector): void {
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify(detector.save())}\n`);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new TelemetryError('invalid-request', `${path} cannot be written: ${said}`, { cause });
  }
}
