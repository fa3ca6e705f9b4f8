/**
 * Who owns a data folder. The lock is an exclusive SQLite transaction on `owner.lock`, held through node:sqlite: an
 * operating-system lock, so it ends with its process, however that ends, and a stale one cannot exist.
 */
import { DatabaseSync } from 'node:sqlite';
import type { DataFolder } from '../data-folder.ts';

export class OwnerLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The lock, or undefined where another holds it, in this process or another. */
  static tryAcquire(folder: DataFolder): OwnerLock | undefined {
    const db = new DatabaseSync(folder.in('owner.lock'));
    try {
      db.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      return new OwnerLock(db);
    } catch (error) {
      db.close();
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
      throw error;
    }
  }

  release(): void {
    this.#db.close();
  }
}

const SQLITE_BUSY = 5;
