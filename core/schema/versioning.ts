/** Schema versioning: a content hash and a semantic version for the schema after each migration. */
import type { Platform } from '../platform.ts';
import type { Instrument } from '../trace/instrument.ts';
import type { Difference, Level } from './comparator.ts';
import { type SchemaSnapshot, schemaHash } from './snapshot.ts';

export interface SchemaVersion {
  /** `major.minor.patch`: a breaking, an additive or another change since the version before. */
  version: string;
  /** First 16 hex digits of the schema's content hash; equal schemas have equal hashes. */
  hash: string;
  migration: string;
  changes: Record<Level, number>;
  /** Why the version moved: the differences that decided it, at most five. */
  reasons: string[];
}

/** The version line of one history. */
export class SchemaVersioning {
  readonly #instrument: Instrument;
  readonly #platform: Pick<Platform, 'sha256'>;
  #version: [number, number, number];

  /** @param from the version that the history stands at, when it is continued */
  constructor(instrument: Instrument, platform: Pick<Platform, 'sha256'>, from = '0.0.0') {
    this.#instrument = instrument;
    this.#platform = platform;
    const [major = 0, minor = 0, patch = 0] = from.split('.').map(Number);
    this.#version = [major, minor, patch];
  }

  get current(): string {
    return this.#version.join('.');
  }

  /** The version after a migration, from what it changed. */
  advance(migration: string, after: SchemaSnapshot, differences: readonly Difference[]): SchemaVersion {
    return this.#instrument.measure('advance', () => {
      const count = (level: Level) => differences.filter((difference) => difference.level === level).length;
      const changes = { breaking: count('breaking'), additive: count('additive'), patch: count('patch') };
      const [major, minor, patch] = this.#version;
      if (changes.breaking > 0) this.#version = [major + 1, 0, 0];
      else if (changes.additive > 0) this.#version = [major, minor + 1, 0];
      else if (changes.patch > 0) this.#version = [major, minor, patch + 1];
      const deciding = (['breaking', 'additive', 'patch'] as const).find((level) => changes[level] > 0);
      return {
        version: this.current,
        hash: schemaHash(after, this.#platform).slice(0, 16),
        migration,
        changes,
        reasons: differences
          .filter(({ level }) => level === deciding)
          .slice(0, 5)
          .map(({ kind, object }) => `${kind.replaceAll('_', ' ')}: ${object}`),
      };
    });
  }
}
