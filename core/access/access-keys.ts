/**
 * Keys to the API for programs and colleagues, each with a role and, where wanted, an end. A secret is
 * `aibos_<id>_<256 random bits>` and is shown once. Kept of it is a salted SHA-256: a slow hash protects guessable
 * passwords, and these cannot be guessed.
 *
 * Several processes may check keys of one data folder: the keys are read anew for each check, so that a revoked key is
 * refused at once everywhere. When each was last used stands in a document of its own, so noting that never brings back
 * a key that was revoked meanwhile.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { AccessKey } from '../contract/governance.ts';
import { ROLES, type Role } from '../contract/methods/method.ts';
import type { Kept } from '../kept.ts';
import type { Platform } from '../platform.ts';

interface KeptKey extends Omit<AccessKey, 'lastUsedAt' | 'role'> {
  role: Role;
  salt: string;
  hash: string;
}

export interface AccessKeysOptions {
  keys: Kept;
  /** When each was last used, by id. */
  used: Kept;
  platform: Pick<Platform, 'now' | 'randomBytes' | 'sha256'>;
}

/** What a good secret gives. */
export interface Access {
  id: string;
  role: Role;
}

/** Uses of a key are noted at most this often. */
const NOTED_EVERY_MS = 60_000;
const MOST_KEYS = 1_000;

export class AccessKeys {
  readonly #options: AccessKeysOptions;
  readonly #noted = new Map<string, number>();

  constructor(options: AccessKeysOptions) {
    this.#options = options;
  }

  /** Newest first, those that have ended too. */
  list(): AccessKey[] {
    const used = this.#used();
    return this.#keys()
      .map(({ salt: _salt, hash: _hash, ...key }) => ({
        ...key,
        ...(used[key.id] ? { lastUsedAt: used[key.id] as string } : {}),
      }))
      .reverse();
  }

  /** Throws `invalid-request` for an end that is past, or where there are too many. */
  create({ name, role, expiresAt }: { name: string; role: Role; expiresAt?: string }): {
    key: AccessKey;
    secret: string;
  } {
    const { platform, keys } = this.#options;
    const now = platform.now();
    if (expiresAt !== undefined && Date.parse(expiresAt) <= now)
      throw new TelemetryError('invalid-request', `The key would have ended already, at ${expiresAt}.`);
    const all = this.#keys();
    if (all.length >= MOST_KEYS)
      throw new TelemetryError('invalid-request', `There are ${MOST_KEYS} keys; revoke some first.`);
    const id = hex(platform.randomBytes(6));
    const secret = `aibos_${id}_${hex(platform.randomBytes(32))}`;
    const salt = hex(platform.randomBytes(16));
    const key = {
      id,
      name,
      role,
      createdAt: new Date(now).toISOString(),
      ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
    };
    keys.write([...all, { ...key, salt, hash: platform.sha256(salt + secret) }]);
    return { key, secret };
  }

  /** False where there is no such key. */
  revoke(id: string): boolean {
    const all = this.#keys();
    const left = all.filter((key) => key.id !== id);
    if (left.length < all.length) this.#options.keys.write(left);
    return left.length < all.length;
  }

  /** What a secret gives; undefined for one that is wrong, has ended or was revoked. */
  check(secret: string): Access | undefined {
    const { platform } = this.#options;
    const id = /^aibos_([0-9a-f]{12})_[0-9a-f]{64}$/.exec(secret)?.[1];
    const key = id === undefined ? undefined : this.#keys().find((one) => one.id === id);
    if (!key || !sameText(platform.sha256(key.salt + secret), key.hash)) return undefined;
    if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= platform.now()) return undefined;
    this.#note(key.id);
    return { id: key.id, role: key.role };
  }

  #note(id: string): void {
    const now = this.#options.platform.now();
    if (now - (this.#noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTED_EVERY_MS) return;
    this.#noted.set(id, now);
    const known = new Set(this.#keys().map((key) => key.id));
    const used = Object.entries({ ...this.#used(), [id]: new Date(now).toISOString() });
    try {
      this.#options.used.write(Object.fromEntries(used.filter(([other]) => known.has(other))));
    } catch {
      // That it was used could not be noted; the call itself need not fail for that.
    }
  }

  #keys(): KeptKey[] {
    const kept = (this.#options.keys.read() ?? []) as KeptKey[];
    return kept.filter(({ role }) => ROLES.includes(role));
  }

  #used(): Record<string, string> {
    return (this.#options.used.read() ?? {}) as Record<string, string>;
  }
}

/** Takes as long for texts that differ early as for texts that differ late. */
function sameText(a: string, b: string): boolean {
  let different = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) different |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1));
  return different === 0;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
