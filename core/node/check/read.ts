/** Reads a file to check. Unlike an import it goes on with a file in another encoding, and says so. */
import { readFileSync, statSync } from 'node:fs';
import { reason } from '../import/files.ts';
import { decode } from '../import/read-sql.ts';

/** Larger files are not SQL that a person wrote; their statements would not fit into memory as trees. */
const MOST_BYTES = 256 * 1024 * 1024;

export interface ReadFile {
  text: string;
  problem?: { rule: 'file-unreadable' | 'encoding'; message: string };
}

export function readToCheck(path: string): ReadFile {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES)
      return unreadable(`The file has ${size} bytes; files over ${MOST_BYTES} are not read.`);
    return fromBytes(readFileSync(path));
  } catch (error) {
    return unreadable(`The file cannot be read: ${reason(error)}.`);
  }
}

export function fromBytes(bytes: Uint8Array): ReadFile {
  const known = decode(bytes);
  if ('text' in known) return known;
  const wide = utf16WithoutMark(bytes);
  if (wide !== undefined) return { text: wide };
  if (bytes.includes(0)) return unreadable('The file is binary, not SQL text.');
  const line = firstBadLine(bytes);
  const message = `Line ${line} is not valid UTF-8; the file was read as Windows-1252. Save it as UTF-8, or a server with another setting stores other characters.`;
  return { text: new TextDecoder('windows-1252').decode(bytes), problem: { rule: 'encoding', message } };
}

function unreadable(message: string): ReadFile {
  return { text: '', problem: { rule: 'file-unreadable', message } };
}

/** SQL is mostly ASCII: in UTF-16 every second byte of it is zero. */
function utf16WithoutMark(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const most = sample.length * 0.4;
  const label = odd > most && even === 0 ? 'utf-16le' : even > most && odd === 0 ? 'utf-16be' : undefined;
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let end = bytes.indexOf(10); ; end = bytes.indexOf(10, start)) {
    try {
      decoder.decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    start = end + 1;
    line++;
  }
}
