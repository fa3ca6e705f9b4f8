/** Reads a JSON body strictly: valid UTF-8, valid JSON, no keys that reach a prototype. */
import sjson from 'secure-json-parse';
import { TelemetryError } from '../../contract/errors.ts';

/** Without one of these no key can be `__proto__` or `constructor`; looking for them is fast. */
const MAY_REACH_PROTOTYPE = ['__proto__', 'constructor', '\\u'];

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Throws `invalid-utf8` or `invalid-json`, each with the place. */
export function parseBody(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new TelemetryError(
      'invalid-utf8',
      `The body is not valid UTF-8 at byte ${firstInvalidByte(bytes)}.`,
    );
  }
  if (text.trim() === '') throw new TelemetryError('invalid-json', 'The body is empty; send a JSON object.');
  try {
    return MAY_REACH_PROTOTYPE.some((part) => text.includes(part)) ? sjson.parse(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TelemetryError('invalid-json', `The body is not valid JSON: ${why}`);
  }
}

/** By halves: the longest prefix that decodes, read as a stream so that a cut character does not count. */
function firstInvalidByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
