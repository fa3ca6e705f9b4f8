/** Node's answers to what `core` needs from the machine. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { crc32 } from 'node:zlib';
import type { Platform } from '../platform.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const nodePlatform: Platform = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  randomBytes: (length) => randomBytes(length),
  sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  hmac: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest('hex'),
  crc32: (bytes, seed = 0) => crc32(bytes, seed),
  encodeUtf8: (text) => encoder.encode(text),
  encodeTexts,
  decodeUtf8: (bytes) => decoder.decode(bytes),
};

/** UTF-8 takes at most three bytes for a UTF-16 unit; most texts take one. */
const MOST_BYTES_PER_UNIT = 3;

/** Writes each text straight to its place: nothing is joined first. */
function encodeTexts(texts: readonly string[]): { bytes: Uint8Array; ends: Uint32Array } {
  let left = 0;
  for (const text of texts) left += text.length;
  let bytes = Buffer.allocUnsafeSlow(left);
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] as string;
    left -= text.length;
    if (bytes.length - end < text.length * MOST_BYTES_PER_UNIT + left) {
      const needed = end + Buffer.byteLength(text) + left;
      if (needed > bytes.length) bytes = Buffer.concat([bytes.subarray(0, end)], needed * 2);
    }
    end += bytes.write(text, end, 'utf8');
    ends[i] = end;
  }
  return { bytes: end === bytes.length ? bytes : Uint8Array.prototype.slice.call(bytes, 0, end), ends };
}
