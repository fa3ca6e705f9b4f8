/** How a process that may be killed at any moment tells its parent what it has done: at once, whatever comes next. */
import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Writes a line to standard output and returns once the system has taken it; waits while the pipe is full. */
export function say(text: string): void {
  let left = Buffer.from(`${text}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(STANDARD_OUTPUT, left));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}
