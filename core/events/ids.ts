/** UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds, then random bits. */
import type { Platform } from '../platform.ts';

/** Makes ids that sort by time, and within one millisecond by a counter (RFC 9562 section 6.2, method 1). */
export function uuidV7Source(platform: Pick<Platform, 'now' | 'randomBytes'>): () => string {
  let lastMs = -1;
  let counter = 0;
  return () => {
    const ms = platform.now();
    const random = platform.randomBytes(10);
    if (ms > lastMs) {
      lastMs = ms;
      counter = (random[0] ?? 0) & 0x7f;
    } else if (++counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    random[0] = counter >> 8;
    random[1] = counter & 0xff;
    return formatUuid(lastMs, random);
  };
}

/**
 * An id that is the same whenever the same thing is recorded again: `seed` is the hex of a hash that names the thing
 * (at least 20 digits), `ms` its time. Lets an import be repeated without doubling anything.
 */
export function derivedUuid(ms: number, seed: string): string {
  const bytes = new Uint8Array(10);
  for (let i = 0; i < 10; i++) bytes[i] = Number.parseInt(seed.slice(i * 2, i * 2 + 2), 16);
  return formatUuid(ms, bytes);
}

function formatUuid(ms: number, tail: Uint8Array): string {
  const time = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, '0').slice(-12);
  const hex = [...tail].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(hex.slice(4, 5), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(1, 4)}-${variant}${hex.slice(5, 8)}-${hex.slice(8)}`;
}
