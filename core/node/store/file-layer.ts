/** The calls by which the journal reaches the disk. Tests put others in their place: a full disk, a sync that fails. */
import { closeSync, fdatasync, fdatasyncSync, openSync, writevSync } from 'node:fs';

export interface FileLayer {
  openSync(path: string, flags: string, mode?: number): number;
  /** Returns the bytes written, which may be fewer than given. */
  writevSync(file: number, parts: Uint8Array[], position: number): number;
  fdatasync(file: number, done: (error: Error | null) => void): void;
  fdatasyncSync(file: number): void;
  closeSync(file: number): void;
}

export const nodeFiles: FileLayer = { openSync, writevSync, fdatasync, fdatasyncSync, closeSync };
