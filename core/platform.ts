/**
 * What `core` needs from the machine. `core` knows neither Node nor the DOM; `core/node` provides these, tests provide
 * fixed ones.
 */
export interface Platform {
  /** Milliseconds since 1970, as the wall clock says. */
  now(): number;
  /** Milliseconds from some fixed point, never going back; for durations. */
  monotonic(): number;
  /** `length` unpredictable bytes. */
  randomBytes(length: number): Uint8Array;
  /** SHA-256 of a text (as UTF-8), in lower-case hex. */
  sha256(text: string): string;
  /** HMAC-SHA-256 of a text (as UTF-8) under `key`, in lower-case hex. */
  hmac(key: Uint8Array, text: string): string;
  /** CRC-32 (IEEE 802.3) of bytes, as an unsigned 32-bit number. */
  crc32(bytes: Uint8Array, seed?: number): number;
  encodeUtf8(text: string): Uint8Array;
  /** The texts one behind the other as UTF-8, and where each ends. */
  encodeTexts(texts: readonly string[]): { bytes: Uint8Array; ends: Uint32Array };
  /** Throws a RangeError where the bytes are not UTF-8. */
  decodeUtf8(bytes: Uint8Array): string;
}
