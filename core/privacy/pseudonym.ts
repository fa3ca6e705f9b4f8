/** Stable pseudonyms for people: the same address gives the same name here, and nobody else can compute it. */
import type { Platform } from '../platform.ts';

const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/**
 * `dev-k7m2qa`: 30 bits of HMAC-SHA-256 of the lower-cased address, under a key that never leaves the data folder.
 * Thirty bits keep two of a thousand people apart with a probability above 99.9 %.
 */
export function pseudonym(platform: Pick<Platform, 'hmac'>, key: Uint8Array, address: string): string {
  const digest = platform.hmac(key, address.trim().toLowerCase());
  let bits = Number.parseInt(digest.slice(0, 10), 16);
  let name = '';
  for (let i = 0; i < 6; i++) {
    name += ALPHABET[bits % ALPHABET.length];
    bits = Math.floor(bits / ALPHABET.length);
  }
  return `dev-${name}`;
}
