/** A platform whose clock stands still until it is moved, for tests of pure code. */
import { nodePlatform } from '../../core/node/platform.ts';
import type { Platform } from '../../core/platform.ts';

export interface FixedPlatform extends Platform {
  advance(ms: number): void;
}

export function fixedPlatform(at = Date.parse('2026-11-23T12:00:00Z')): FixedPlatform {
  let now = at;
  return {
    ...nodePlatform,
    now: () => now,
    monotonic: () => now,
    advance(ms) {
      now += ms;
    },
  };
}
