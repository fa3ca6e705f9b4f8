/**
 * Stands between this process and the file system, for one folder: tells each change that somebody makes there, and
 * lets a test make it fail. It replaces the functions of `node:fs` themselves, so that whatever the store calls, now or
 * later, is seen; import it before anything that keeps one of those functions.
 *
 * What it does not know it does not see. Whoever relies on it compares, in the end, the folder with what was told.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { relative, sep } from 'node:path';

/** A change to a folder; paths are relative to it, `''` is the folder itself. */
export type Change =
  | { kind: 'create'; path: string }
  | { kind: 'folder'; path: string }
  | { kind: 'write'; path: string; offset: number; bytes: Buffer }
  | { kind: 'truncate'; path: string; length: number }
  | { kind: 'sync'; path: string }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'remove'; path: string };

export interface Watcher {
  /** Whether a sync is only told and not made: it costs time and changes nothing that a test could see. */
  skipsSyncs?: boolean;
  /** Before a change; throws what the caller shall get in its place. */
  before(change: Change): void;
  /** Once it is made. */
  after(change: Change): void;
  /** After `before` let it pass and the system refused it, or where `before` itself refused it. */
  failed?(change: Change): void;
}

interface Place {
  watcher: Watcher;
  path: string;
}
interface OpenFile {
  place: Place;
  /** Where the next write goes that names no position. */
  end: number;
}
type Done = (error: Error | null) => void;

const watched = new Map<Watcher, string>();
/** Open files below a folder that is or was watched. */
const openFiles = new Map<number, OpenFile>();
const real = { ...fs };
const realPromises = { ...fs.promises };

/** Watches a folder, given as an absolute path, until the result is called. */
export function watchFolder(folder: string, watcher: Watcher): () => void {
  watched.set(watcher, folder);
  return () => watched.delete(watcher);
}

/** Makes syncs cost nothing in a folder, for tests that only look at what is in its files. */
export function skipSyncs(folder: string): () => void {
  return watchFolder(folder, { skipsSyncs: true, before: () => undefined, after: () => undefined });
}

/** An error as the system reports it. */
export function systemError(code: 'EIO' | 'ENOSPC', call: string): NodeJS.ErrnoException {
  const message = { EIO: 'i/o error', ENOSPC: 'no space left on device' }[code];
  return Object.assign(new Error(`${code}: ${message}, ${call}`), { code, syscall: call });
}

function placeOf(path: unknown): Place | undefined {
  for (const [watcher, folder] of watched) {
    if (path === folder || (typeof path === 'string' && path.startsWith(folder + sep)))
      return { watcher, path: relative(folder, path) };
  }
  return undefined;
}

function openFile(file: number): OpenFile | undefined {
  const entry = openFiles.get(file);
  return entry && watched.has(entry.place.watcher) ? entry : undefined;
}

/** Does the work and tells of it where somebody watches that place. */
function tell<T>(place: Place | undefined, what: (path: string) => Change, work: () => T): T {
  if (!place) return work();
  const change = what(place.path);
  try {
    place.watcher.before(change);
    const result = work();
    place.watcher.after(change);
    return result;
  } catch (error) {
    place.watcher.failed?.(change);
    throw error;
  }
}

const asSync = (path: string): Change => ({ kind: 'sync', path });
const asRemoval = (path: string): Change => ({ kind: 'remove', path });
const asFolder = (path: string): Change => ({ kind: 'folder', path });
const asTruncation = (length: number) => (path: string) => ({ kind: 'truncate', path, length }) as const;
const asRenaming = (to: string) => (path: string) => ({ kind: 'rename', path, to }) as const;

/** What opening changes: a file is made, or emptied; undefined for nothing. */
function openingOf(path: string, flags: string): ((path: string) => Change) | undefined {
  if (/^r/.test(flags)) return undefined;
  if (!fs.existsSync(path)) return (name) => ({ kind: 'create', path: name });
  return /^w/.test(flags) && !flags.includes('x') ? asTruncation(0) : undefined;
}

function opened(file: number, place: Place | undefined, flags: string): void {
  if (place) openFiles.set(file, { place, end: flags.startsWith('a') ? fs.fstatSync(file).size : 0 });
}

function wrote(file: number, bytes: Buffer, position: number | null | undefined, work: () => number): number {
  const entry = openFile(file);
  if (!entry) return work();
  const offset = position ?? entry.end;
  const written = tell(entry.place, (path) => ({ kind: 'write', path, offset, bytes }), work);
  if (written !== bytes.length) throw new Error('the double does not know writes that stop half-way');
  entry.end = offset + written;
  return written;
}

function copied({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Buffer {
  return Buffer.from(Buffer.from(buffer, byteOffset, byteLength));
}

/** A sync in the background: what is written meanwhile may not be covered. */
function syncing(work: (file: number, done: Done) => void) {
  return (file: number, done: Done): void => {
    const place = openFile(file)?.place;
    if (!place) return void work(file, done);
    const { watcher, path } = place;
    const change = asSync(path);
    const end: Done = (error) => {
      if (error) watcher.failed?.(change);
      else watcher.after(change);
      done(error);
    };
    try {
      watcher.before(change);
    } catch (error) {
      return void setImmediate(end, error as Error);
    }
    if (watcher.skipsSyncs) setImmediate(end, null);
    else work(file, end);
  };
}

function syncingNow(work: (file: number) => void) {
  return (file: number): void => {
    const place = openFile(file)?.place;
    tell(place, asSync, () => (place?.watcher.skipsSyncs ? undefined : work(file)));
  };
}

const replacements = {
  openSync(path: string, flags = 'r', mode?: number): number {
    const place = placeOf(path);
    const change = openingOf(path, flags);
    const file = tell(change && place, change ?? asSync, () => real.openSync(path, flags, mode));
    opened(file, place, flags);
    return file;
  },
  closeSync(file: number): void {
    openFiles.delete(file);
    real.closeSync(file);
  },
  writeSync(
    file: number,
    data: NodeJS.ArrayBufferView,
    offset = 0,
    length?: number,
    position?: number | null,
  ) {
    const bytes = copied(data).subarray(offset, length === undefined ? undefined : offset + length);
    return wrote(file, bytes, position, () => real.writeSync(file, bytes, 0, bytes.length, position));
  },
  writevSync(file: number, parts: NodeJS.ArrayBufferView[], position?: number): number {
    const bytes = Buffer.concat(parts.map(copied));
    return wrote(file, bytes, position, () => real.writevSync(file, parts, position));
  },
  ftruncateSync(file: number, length = 0): void {
    tell(openFile(file)?.place, asTruncation(length), () => real.ftruncateSync(file, length));
  },
  fsyncSync: syncingNow(real.fsyncSync),
  fdatasyncSync: syncingNow(real.fdatasyncSync),
  fsync: syncing(real.fsync),
  fdatasync: syncing(real.fdatasync),
  renameSync(from: string, to: string): void {
    tell(placeOf(from), asRenaming(placeOf(to)?.path ?? to), () => real.renameSync(from, to));
  },
  unlinkSync(path: string): void {
    tell(placeOf(path), asRemoval, () => real.unlinkSync(path));
  },
  rmSync(path: string, options?: fs.RmOptions): void {
    tell(fs.existsSync(path) ? placeOf(path) : undefined, asRemoval, () => real.rmSync(path, options));
  },
  mkdirSync(path: string, options?: fs.MakeDirectoryOptions): string | undefined {
    const place = fs.existsSync(path) ? undefined : placeOf(path);
    return tell(place, asFolder, () => real.mkdirSync(path, options));
  },
  writeFileSync(path: string, data: NodeJS.ArrayBufferView, options: { mode?: number } = {}): void {
    if (!placeOf(path)) return void real.writeFileSync(path, data, options);
    const file = replacements.openSync(path, 'w', options.mode);
    try {
      replacements.writeSync(file, data);
    } finally {
      replacements.closeSync(file);
    }
  },
};

/** Calls that wait are made at once, so that the order of changes is the same in every run. */
const promiseReplacements = {
  async open(path: string, flags = 'r', mode?: number) {
    return placeOf(path)
      ? fileHandle(replacements.openSync(path, flags, mode))
      : realPromises.open(path, flags, mode);
  },
  async rename(from: string, to: string): Promise<void> {
    return placeOf(from) ? replacements.renameSync(from, to) : realPromises.rename(from, to);
  },
};

/** As much of a file handle as writes a file. */
function fileHandle(file: number) {
  return {
    write: async (data: Buffer, offset?: number, length?: number, position?: number | null) => {
      return { bytesWritten: replacements.writeSync(file, data, offset, length, position), buffer: data };
    },
    writev: async (parts: NodeJS.ArrayBufferView[], position?: number) => {
      return { bytesWritten: replacements.writevSync(file, parts, position), buffers: parts };
    },
    truncate: async (length?: number) => replacements.ftruncateSync(file, length),
    sync: async () => replacements.fsyncSync(file),
    datasync: async () => replacements.fdatasyncSync(file),
    close: async () => replacements.closeSync(file),
  };
}

Object.assign(fs, replacements);
Object.assign(fs.promises, promiseReplacements);
syncBuiltinESMExports();
