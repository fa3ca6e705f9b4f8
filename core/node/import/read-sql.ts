/** Reads a file as SQL text, or says in words why it is none. */
import { readFileSync, statSync } from 'node:fs';
import { reason } from './files.ts';

export type SqlFile = { text: string } | { problem: string };

const MOST_BYTES = 64 * 1024 * 1024;

export function readSqlFile(path: string): SqlFile {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES)
      return { problem: `the file has ${size} bytes; files over ${MOST_BYTES} are not run` };
    return decode(readFileSync(path));
  } catch (error) {
    return { problem: `the file cannot be read: ${reason(error)}` };
  }
}

/** The same; undefined where it is none. */
export function sqlTextOf(path: string): string | undefined {
  const file = readSqlFile(path);
  return 'text' in file ? file.text : undefined;
}

/** UTF-8, or UTF-16 where a byte order mark says so. */
export function decode(bytes: Uint8Array): SqlFile {
  const [a, b] = bytes;
  try {
    if (a === 0xff && b === 0xfe) return { text: new TextDecoder('utf-16le', { fatal: true }).decode(bytes) };
    if (a === 0xfe && b === 0xff) return { text: new TextDecoder('utf-16be', { fatal: true }).decode(bytes) };
    if (bytes.includes(0)) return { problem: 'the file is binary, not SQL text' };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'the file is not valid UTF-8; save it as UTF-8' };
  }
}
