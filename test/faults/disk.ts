/**
 * A disk with a cache that a power cut empties, as a hostile reader of POSIX has it: what is written is there for
 * whoever reads, and durable only once its file is synced; an entry of a folder only once the folder is. Of what is
 * not durable a power cut leaves nothing, all, a beginning, or any sectors and entries in any order. A sync that fails
 * leaves the data in the cache and takes it for written, so that no later sync writes it (Rebello et al., "Can
 * Applications Recover from fsync Failures?", USENIX ATC 2020; Pillai et al., "All File Systems Are Not Created Equal",
 * OSDI 2014).
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Change } from './file-double.ts';

const SECTOR = 512;

type DataChange = { kind: 'write'; offset: number; bytes: Buffer } | { kind: 'truncate'; length: number };
/** Is set, or taken away where `node` is missing. */
interface Entry {
  path: string;
  node?: Node;
}
interface EntryChange {
  folder: string;
  entries: Entry[];
}

interface Node {
  /** Undefined for a folder. */
  durable: Buffer | undefined;
  cached: Buffer;
  pending: DataChange[];
}

/** How much of what was not synced survives. */
type Survival = 'nothing' | 'everything' | 'beginning' | 'anything';
const SURVIVALS: Survival[] = ['nothing', 'everything', 'beginning', 'anything'];

export class Disk {
  #entries = new Map<string, Node>();
  #durableEntries = new Map<string, Node>();
  #pendingEntries: EntryChange[] = [];

  apply(change: Change): void {
    const { kind, path } = change;
    if (kind === 'sync') this.sync(path, this.mark(path));
    else if (kind === 'create' || kind === 'folder')
      this.#enter({ path, node: emptyNode(kind === 'folder') });
    else if (kind === 'remove') this.#enter({ path });
    else if (kind === 'rename') this.#enter({ path }, { path: change.to, node: this.#node(path) });
    else {
      const node = this.#node(path);
      node.pending.push(change);
      node.cached = changed(node.cached, change);
    }
  }

  /** How much a sync that begins now covers. */
  mark(path: string): number {
    return this.#isFolder(path) ? this.#pendingEntries.length : this.#node(path).pending.length;
  }

  /** A sync that covers what was there when {@link mark} was asked. */
  sync(path: string, mark: number): void {
    if (this.#isFolder(path)) {
      const covered = (change: EntryChange, i: number) => i < mark && change.folder === asFolder(path);
      for (const [i, change] of this.#pendingEntries.entries())
        if (covered(change, i)) setEntries(this.#durableEntries, change);
      this.#pendingEntries = this.#pendingEntries.filter((change, i) => !covered(change, i));
      return;
    }
    const node = this.#node(path);
    node.durable = node.pending.slice(0, mark).reduce(changed, node.durable ?? Buffer.alloc(0));
    node.pending = node.pending.slice(mark);
  }

  /** A sync that failed: some sectors may have been written, and the cache no longer knows which. */
  failSync(path: string, random: () => number): void {
    if (this.#isFolder(path)) return;
    const node = this.#node(path);
    node.durable = surviving(node, pick(SURVIVALS, random), random);
    node.pending = [];
  }

  /** Takes all that is cached for durable. */
  settle(): void {
    for (const node of this.#entries.values()) {
      if (node.durable) node.durable = node.cached;
      node.pending = [];
    }
    this.#durableEntries = new Map(this.#entries);
    this.#pendingEntries = [];
  }

  /** Leaves what survives, which is durable from then on. */
  cutPower(random: () => number): void {
    const survival = pick(SURVIVALS, random);
    const kept = chosen(this.#pendingEntries, survival, random);
    for (const change of kept) setEntries(this.#durableEntries, change);
    const entries = new Map<string, Node>();
    for (const [path, node] of this.#durableEntries) {
      if (!isReachable(path, this.#durableEntries)) continue;
      const durable =
        node.durable && surviving(node, pick([survival, pick(SURVIVALS, random)], random), random);
      entries.set(path, { durable, cached: durable ?? node.cached, pending: [] });
    }
    this.#entries = entries;
    this.settle();
  }

  /** The cache drops what it takes for written; where a sync failed, the file then reads as the disk has it. */
  evict(): void {
    for (const node of this.#entries.values())
      if (node.durable) node.cached = node.pending.reduce(changed, node.durable);
  }

  /** What a reader finds now: path to content, undefined for a folder. */
  files(): Map<string, Buffer | undefined> {
    const files = new Map<string, Buffer | undefined>();
    for (const [path, node] of [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)))
      files.set(path, node.durable && node.cached);
    return files;
  }

  writeTo(folder: string): void {
    for (const [path, content] of this.files()) {
      if (content) writeFileSync(join(folder, path), content);
      else mkdirSync(join(folder, path), { recursive: true });
    }
  }

  /** Changes entries of one folder, in one step. */
  #enter(...entries: [Entry, ...Entry[]]): void {
    const change = { folder: dirname(entries[0].path), entries };
    setEntries(this.#entries, change);
    this.#pendingEntries.push(change);
  }

  #isFolder(path: string): boolean {
    return path === '' || this.#node(path).durable === undefined;
  }

  #node(path: string): Node {
    const node = this.#entries.get(path);
    if (!node) throw new Error(`the disk has no ${path}`);
    return node;
  }
}

/** The files and folders that are really there, as {@link Disk.files} names them. */
export function filesIn(folder: string, below = ''): Map<string, Buffer | undefined> {
  const files = new Map<string, Buffer | undefined>();
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    files.set(path, entry.isDirectory() ? undefined : readFileSync(join(folder, path)));
    if (entry.isDirectory()) for (const [inner, content] of filesIn(folder, path)) files.set(inner, content);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function emptyNode(isFolder: boolean): Node {
  return { durable: isFolder ? undefined : Buffer.alloc(0), cached: Buffer.alloc(0), pending: [] };
}

function asFolder(path: string): string {
  return path === '' ? '.' : path;
}

function setEntries(entries: Map<string, Node>, { entries: changes }: EntryChange): void {
  for (const { path, node } of changes) {
    if (node) entries.set(path, node);
    else
      for (const other of [...entries.keys()])
        if (other === path || other.startsWith(`${path}/`)) entries.delete(other);
  }
}

function isReachable(path: string, entries: ReadonlyMap<string, Node>): boolean {
  const folder = dirname(path);
  return folder === '.' || (entries.has(folder) && isReachable(folder, entries));
}

function changed(content: Buffer, change: DataChange): Buffer {
  if (change.kind === 'truncate') {
    const cut = Buffer.alloc(change.length);
    content.copy(cut);
    return cut;
  }
  const { offset, bytes } = change;
  const grown = Buffer.alloc(Math.max(content.length, offset + bytes.length));
  content.copy(grown);
  bytes.copy(grown, offset);
  return grown;
}

/** The content of a file of which only some changes reached the disk. */
function surviving({ durable, pending }: Node, survival: Survival, random: () => number): Buffer {
  const sectors = pending.flatMap(asSectors);
  return chosen(sectors, survival, random).reduce(changed, durable ?? Buffer.alloc(0));
}

/** A disk writes whole sectors, each of them in one step. */
function asSectors(change: DataChange): DataChange[] {
  if (change.kind === 'truncate') return [change];
  const parts: DataChange[] = [];
  for (let at = 0; at < change.bytes.length; ) {
    const offset = change.offset + at;
    const length = Math.min(change.bytes.length - at, SECTOR - (offset % SECTOR));
    parts.push({ kind: 'write', offset, bytes: change.bytes.subarray(at, at + length) });
    at += length;
  }
  return parts;
}

function chosen<T>(all: readonly T[], survival: Survival, random: () => number): T[] {
  if (survival === 'nothing') return [];
  if (survival === 'everything') return [...all];
  if (survival === 'beginning') return all.slice(0, Math.floor(random() * (all.length + 1)));
  return all.filter(() => random() < 0.5);
}

function pick<T>(all: readonly T[], random: () => number): T {
  return all[Math.floor(random() * all.length)] as T;
}
