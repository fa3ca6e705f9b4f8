/**
 * Who owns a data folder. The lock is an exclusive SQLite transaction on `owner.lock`, held through node:sqlite: an
 * operating-system lock, so it ends with its process, however that ends, and a stale one cannot exist.
 */
import { DatabaseSync } from 'node:sqlite';
import { TelemetryError } from '../../contract/errors.ts';
import { DATA_FOLDER_VARIABLE, type DataFolder } from '../data-folder.ts';

export class OwnerLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * The lock, or undefined where another holds it, in this process or another. Throws `storage-failed` where the folder
   * cannot be written.
   */
  static tryAcquire(folder: DataFolder): OwnerLock | undefined {
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(folder.in('owner.lock'));
      db.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      return new OwnerLock(db);
    } catch (cause) {
      db?.close();
      const { errcode, message } = cause as Error & { errcode?: number };
      if (errcode === SQLITE_BUSY) return undefined;
      throw new TelemetryError(
        'storage-failed',
        `The data folder ${folder.path} cannot be written (${message}). Make it writable, or set ${DATA_FOLDER_VARIABLE} to another place.`,
        { cause },
      );
    }
  }

  release(): void {
    this.#db.close();
  }
}

const SQLITE_BUSY = 5;
