/** How the CLI speaks: text for people on a terminal, JSON for programs, progress on stderr, documented exit codes. */
import { styleText } from 'node:util';
import { TelemetryError } from '../../contract/errors.ts';
import { plainStyle, type Style } from '../../report/summary-text.ts';

/** What an exit code means; the same in every command, printed by `aibos --help`. */
export const EXIT = {
  done: 0,
  /** Done, and what was asked about is not as it should be: findings, a failed check. */
  found: 1,
  /** The command line or its input is not usable. */
  usage: 2,
  /** The engine, the store or a database cannot be reached or written. */
  unavailable: 3,
  interrupted: 130,
} as const;

export type OutputFormat = 'text' | 'json';

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Colours where standard output is a terminal that wants them. */
export function terminalStyle(): Style {
  if (!process.stdout.isTTY || process.env.NO_COLOR || process.env.TERM === 'dumb') return plainStyle;
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text);
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
  };
}

/** One line on a terminal that is written over; without a terminal only its last state. */
export class ProgressLine {
  readonly #live = process.stderr.isTTY === true;
  #last = '';

  show(text: string): void {
    this.#last = text;
    if (this.#live) process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`);
  }

  /** Ends the line; `text` stays. */
  done(text = this.#last): void {
    if (this.#live) process.stderr.write('\r\x1b[2K');
    if (text) process.stderr.write(`${text}\n`);
    this.#last = '';
  }
}

/** Says what went wrong on stderr and gives the exit code. */
export function report(error: unknown): number {
  if (TelemetryError.is(error)) {
    process.stderr.write(`aibos: ${error.message}\n`);
    const unusable = error.status >= 400 && error.status < 500 && error.code !== 'overloaded';
    return unusable ? EXIT.usage : EXIT.unavailable;
  }
  process.stderr.write(`aibos: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.unavailable;
}
