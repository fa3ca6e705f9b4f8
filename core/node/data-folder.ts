/**
 * The data folder: everything that is kept, readable by its owner only.
 *
 *     journal/  images/  models/         the store and the trained models
 *     schemas/                           the versions of each history's schema; an import makes them again
 *     imports/  cache/                   what an import remembers; may be deleted at any time
 *     owner.lock  engine.sock            which process hosts the engine, and where it listens
 *     token  identity.key                the API token; the key of the pseudonyms
 *     insights.json                      since when each insight is known; may be deleted
 *     trainings.json                     the history of trainings; may be deleted
 *     effects.json                       what each answer changed; may be deleted
 *     predictor.json                     what came of predictions here; the next outcome makes it again
 *     settings.json  erasures.json       the settings of the engine; what was ordered to be erased
 *     keys.json  keys-used.json          salted hashes of the API keys; when each was last used
 *     desktop/  logs/                    the desktop app's own settings and log
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TelemetryError } from '../contract/errors.ts';
import { nodePlatform } from './platform.ts';
import { makeFolder, replaceFile } from './store/durable-file.ts';

/** Environment variable that names another data folder. */
export const DATA_FOLDER_VARIABLE = 'AIBOS_DATA_DIR';
/** Environment variable with the URL of a database: its health is watched, and commands use it where no URL is given. */
export const DATABASE_VARIABLE = 'AIBOS_DATABASE_URL';
/** Environment variable that sets the API token, instead of the one in the data folder. */
export const TOKEN_VARIABLE = 'AIBOS_TOKEN';

/** Environment variable that sets how much memory loaded partitions may take, in megabytes. */
export const MEMORY_VARIABLE = 'AIBOS_MAX_MEMORY_MB';

/** The memory cap of the store, undefined for its own. Throws `invalid-request` for what is no such number. */
export function maxMemoryMb(env: NodeJS.ProcessEnv = process.env): number | undefined {
  const given = env[MEMORY_VARIABLE];
  if (!given) return undefined;
  if (!/^\d{1,6}$/.test(given)) {
    throw new TelemetryError(
      'invalid-request',
      `${MEMORY_VARIABLE} is “${given}”; set it to a number of megabytes, such as 512.`,
    );
  }
  return Number(given);
}

/** Longest path of a local socket that every system takes. */
const LONGEST_SOCKET_PATH = 100;

/** Where the data folder is unless a person says otherwise: the place the system has for such data. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env[DATA_FOLDER_VARIABLE];
  if (named) return resolve(named);
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'aibos-telemetry');
  if (process.platform === 'darwin')
    return join(homedir(), 'Library', 'Application Support', 'aibos-telemetry');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'aibos-telemetry');
}

export class DataFolder {
  readonly path: string;

  /** Makes the folder where it is missing. Throws `storage-failed` where that is not possible. */
  constructor(path: string = defaultDataFolder()) {
    this.path = path;
    try {
      makeFolder(path);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TelemetryError(
        'storage-failed',
        `The data folder ${path} cannot be made (${why}). Set ${DATA_FOLDER_VARIABLE} to another place.`,
        { cause },
      );
    }
  }

  in(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Like {@link in}, and makes the folder. */
  folder(...parts: string[]): string {
    const path = this.in(...parts);
    makeFolder(path);
    return path;
  }

  /** Where the owner listens: a socket in the folder, in the temporary folder where its path would be too long. */
  socketPath(): string {
    const digest = nodePlatform.sha256(this.path).slice(0, 16);
    if (process.platform === 'win32') return `\\\\.\\pipe\\aibos-${digest}`;
    const path = this.in('engine.sock');
    return path.length <= LONGEST_SOCKET_PATH
      ? path
      : join(tmpdir(), `aibos-${process.getuid?.() ?? 0}-${digest}.sock`);
  }

  /** The API token: from the environment, else one made here once. */
  token(env: NodeJS.ProcessEnv = process.env): string {
    return env[TOKEN_VARIABLE] || this.#secret('token', () => randomBytes(24).toString('base64url'));
  }

  /** The key of the pseudonyms. */
  identityKey(): Uint8Array {
    return Buffer.from(
      this.#secret('identity.key', () => randomBytes(32).toString('base64url')),
      'base64url',
    );
  }

  #secret(name: string, make: () => string): string {
    try {
      const known = readFileSync(this.in(name), 'utf8').trim();
      if (known) return known;
    } catch {
      // Not made yet.
    }
    replaceFile(this.in(name), [nodePlatform.encodeUtf8(`${make()}\n`)]);
    return readFileSync(this.in(name), 'utf8').trim();
  }
}
