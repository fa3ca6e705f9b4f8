/** One statement that is being simulated: what it has locked, written and lost so far. */
import type { Consequence, DataDependence, StatementEffects, TableLock } from '../effects.ts';
import { LOCKABLE, noEffects } from '../effects.ts';
import { blocks, LOCK_MODES, type LockMode, stronger } from '../lock-modes.ts';
import type { Relation } from './objects.ts';
import type { Schema } from './schema.ts';
import { TEMPORARY } from './schema.ts';
import type { Name } from './tree.ts';

/** The statement fails at this point, for certain, with this SQLSTATE. */
export class SqlFailure extends Error {
  readonly sqlState: string;

  constructor(sqlState: string, message: string) {
    super(message);
    this.sqlState = sqlState;
  }
}

/** Calls of functions within functions before the rest is left alone. */
const DEEPEST_CALL = 20;

export class Run {
  readonly schema: Schema;
  /** Major version of the server. */
  readonly version: number;
  readonly #locks = new Map<Relation, LockMode>();
  readonly #names = new Map<Relation, string>();
  readonly #created = new Set<Relation>();
  readonly #rewrites = new Set<Relation>();
  readonly #scans = new Set<Relation>();
  readonly #unanalysed = new Set<string>();
  readonly #consequences = {
    dataLoss: [] as Consequence[],
    incompatible: [] as Consequence[],
    irreversible: [] as Consequence[],
    dataDependent: [] as DataDependence[],
  };
  noTransaction?: string;
  #depth = 0;

  constructor(schema: Schema, version: number) {
    this.schema = schema;
    this.version = version;
  }

  get journal() {
    return this.schema.journal;
  }

  lock(relation: Relation | undefined, mode: LockMode): void {
    if (!relation) return;
    this.remember(relation);
    const held = this.#locks.get(relation);
    this.#locks.set(relation, held ? stronger(held, mode) : mode);
  }

  /** Keeps the name that the relation had before the statement. */
  remember(relation: Relation): void {
    if (!this.#names.has(relation)) this.#names.set(relation, relation.name);
  }

  /** It is new with this statement: nobody else can wait for it. */
  created(relation: Relation): void {
    this.#created.add(relation);
  }

  isNew(relation: Relation): boolean {
    return this.#created.has(relation);
  }

  rewrite(relation: Relation): void {
    this.remember(relation);
    this.#rewrites.add(relation);
  }

  scan(relation: Relation): void {
    this.remember(relation);
    this.#scans.add(relation);
  }

  unknown(reason: string): void {
    this.#unanalysed.add(reason);
  }

  loses(relation: Relation, object: string, message: string): void {
    if (this.#isOld(relation)) this.#consequences.dataLoss.push({ object, message });
  }

  breaks(relation: Relation, object: string, message: string): void {
    if (this.#isOld(relation)) this.#consequences.incompatible.push({ object, message });
  }

  cannotUndo(object: string, message: string): void {
    this.#consequences.irreversible.push({ object, message });
  }

  dependsOnRows(relation: Relation, columns: string[], sqlState: string, message: string): void {
    if (!this.#isOld(relation)) return;
    const { dataDependent } = this.#consequences;
    if (dataDependent.some((other) => other.object === relation.name && other.message === message)) return;
    dataDependent.push({ object: relation.name, message, columns, sqlState });
  }

  /** The relation of a name that a statement needs; system's ones are nobody's business. */
  need(name: Name): Relation | undefined {
    if (this.schema.isSystem(name)) return undefined;
    const found = this.schema.find(name);
    if (!found && this.schema.findIndex(name)) return undefined;
    return found ?? this.schema.findOrAssume(name);
  }

  /** Runs a part that is undone, locks included, where it fails. Returns the failure. */
  attempt(part: () => void): SqlFailure | undefined {
    const mark = this.journal.mark();
    const locks = new Map(this.#locks);
    const rewrites = new Set(this.#rewrites);
    try {
      part();
      return undefined;
    } catch (error) {
      if (!(error instanceof SqlFailure)) throw error;
      this.journal.rollback(mark);
      this.#locks.clear();
      for (const [relation, mode] of locks) this.#locks.set(relation, mode);
      for (const relation of this.#rewrites) if (!rewrites.has(relation)) this.#rewrites.delete(relation);
      return error;
    }
  }

  /** Runs a function's body, unless calls are nested too deep. */
  nested(part: () => void): void {
    if (this.#depth >= DEEPEST_CALL) return;
    this.#depth++;
    try {
      part();
    } finally {
      this.#depth--;
    }
  }

  effects(): StatementEffects {
    const locks: TableLock[] = [...this.#locks]
      .filter(([relation]) => this.#isOld(relation) && isLockable(relation))
      .map(([relation, mode]) => ({ relation: this.#nameOf(relation), mode }));
    const top = locks.map(({ mode }) => mode).reduce(stronger, LOCK_MODES[0]);
    const unanalysed = [...this.#unanalysed].join('; ');
    return {
      ...noEffects(),
      ...this.#consequences,
      locks,
      rewrites: this.#oldNames(this.#rewrites),
      scans: this.#oldNames(this.#scans),
      blocks: blocks(top),
      ...(this.noTransaction ? { noTransaction: this.noTransaction } : {}),
      ...(unanalysed ? { unanalysed } : {}),
    };
  }

  #oldNames(relations: Iterable<Relation>): string[] {
    return [...relations]
      .filter((relation) => this.#isOld(relation))
      .map((relation) => this.#nameOf(relation));
  }

  #isOld(relation: Relation): boolean {
    return !this.#created.has(relation) && relation.schema !== TEMPORARY;
  }

  #nameOf(relation: Relation): string {
    return this.#names.get(relation) ?? relation.name;
  }
}

function isLockable({ kind }: Relation): boolean {
  return LOCKABLE[kind] !== undefined;
}
