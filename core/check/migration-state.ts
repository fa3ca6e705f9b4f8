/**
 * One migration up to a statement: what it has made, which transaction is open, which locks that transaction holds.
 * PostgreSQL's rules (documentation, chapter 3.4 “Transactions” and 13.3 “Explicit Locking”): a lock is held to the end
 * of its transaction.
 */
import type { Node } from 'libpg-query';
import type { Catalogue } from '../effects/catalogue.ts';
import type { StatementEffects } from '../effects/effects.ts';
import { type LockMode, stronger } from '../effects/lock-modes.ts';
import type { Statement } from '../sql/statement.ts';
import type { NewNames } from './names.ts';
import type { Runner } from './runner.ts';
import { addedColumns, addedConstraints, as, nameOf, strings, walk } from './tree.ts';

export interface HeldLock {
  mode: LockMode;
  /** Line of the statement that took it first in that mode. */
  line: number;
}

export class MigrationState {
  readonly runner: Runner;
  /** All statements of the file. */
  readonly statements: readonly Statement[];
  /** Relations that this migration made; they can hold no rows that are not its own, and nobody waits for them. */
  readonly made = new Set<string>();
  /** Names that it gave to relations that were there: no code can use them yet. */
  readonly renamed = new Set<string>();
  /** `schema.table.column` of columns that it added. */
  readonly addedColumns = new Set<string>();
  /** Types that the open transaction made, and enum values that it added to others. */
  readonly madeTypes = new Set<string>();
  readonly newEnumValues: { type: string; value: string; line: number }[] = [];
  /** `schema.table constraint` added as NOT VALID in the open transaction: the line. */
  readonly notValid = new Map<string, number>();
  /** By relation, in the open transaction, on relations that the migration did not make. */
  readonly held = new Map<string, HeldLock>();
  /** Rules that have said their last word in the open transaction. */
  readonly saidOnce = new Set<string>();
  /** Whether a lock_timeout is in force. */
  lockTimeout = false;
  /** Whether a statement so far took ACCESS EXCLUSIVE on a relation that the migration did not make. */
  lockedOthers = false;
  /** `own`: the file said BEGIN, on this line. */
  transaction: { kind: 'none' } | { kind: 'runner' } | { kind: 'own'; line: number };

  constructor(runner: Runner, statements: readonly Statement[]) {
    this.runner = runner;
    this.statements = statements;
    this.transaction = this.#wrapped() ? { kind: 'runner' } : { kind: 'none' };
  }

  get inTransaction(): boolean {
    return this.transaction.kind !== 'none';
  }

  /** Moves on past a statement that has been applied to the catalogue. */
  advance(statement: Statement, effects: StatementEffects, catalogue: Catalogue, names: NewNames): void {
    const tree = statement.tree as Node | undefined;
    if (this.#control(tree, statement.line)) return;
    this.#names(statement, catalogue, names);
    this.#alterations(tree, statement.line, catalogue);
    this.#types(tree, statement.line);
    const others = effects.locks.filter(({ relation }) => !this.made.has(relation));
    if (others.some(({ mode }) => mode === 'ACCESS EXCLUSIVE')) this.lockedOthers = true;
    if (!this.inTransaction) return;
    for (const { relation, mode } of others) {
      const held = this.held.get(relation);
      if (!held || stronger(held.mode, mode) !== held.mode)
        this.held.set(relation, { mode, line: statement.line });
    }
  }

  #wrapped(): boolean {
    const { wrapping } = this.runner;
    if (wrapping === 'file') return true;
    const own = this.statements.some(({ kind }) => kind === 'Transaction');
    return wrapping === 'script' && this.statements.length > 1 && !own;
  }

  /** Follows BEGIN, COMMIT and SET lock_timeout; true for a statement that is nothing else. */
  #control(tree: Node | undefined, line: number): boolean {
    const set = as(tree, 'VariableSetStmt');
    if (set) {
      if (set.name === 'lock_timeout') this.lockTimeout = set.kind === 'VAR_SET_VALUE';
      if (set.kind === 'VAR_RESET_ALL') this.lockTimeout = false;
      return true;
    }
    const kind = as(tree, 'TransactionStmt')?.kind;
    if (kind === undefined) {
      if (setsLockTimeout(tree)) this.lockTimeout = true;
      return false;
    }
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') {
      if (this.transaction.kind === 'none') this.transaction = { kind: 'own', line };
    } else if (
      kind === 'TRANS_STMT_COMMIT' ||
      kind === 'TRANS_STMT_ROLLBACK' ||
      kind === 'TRANS_STMT_PREPARE'
    ) {
      this.transaction = { kind: 'none' };
      this.held.clear();
      this.saidOnce.clear();
      this.notValid.clear();
      this.newEnumValues.length = 0;
      this.madeTypes.clear();
    }
    return true;
  }

  #names({ kind }: Statement, catalogue: Catalogue, { come, movedFrom }: NewNames): void {
    if (movedFrom === undefined || this.made.has(movedFrom)) for (const name of come) this.made.add(name);
    else for (const name of come) this.renamed.add(name);
    if (movedFrom !== undefined) this.made.delete(movedFrom);
    if (kind === 'Drop' || kind === 'DropTable')
      for (const name of this.made) if (!catalogue.relation(name)) this.made.delete(name);
  }

  #alterations(tree: Node | undefined, line: number, catalogue: Catalogue): void {
    const alter = as(tree, 'AlterTableStmt');
    if (!alter?.relation) return;
    const relation = nameOf(alter.relation, catalogue);
    const commands = (alter.cmds ?? []).map((node, index) => ({
      index,
      cmd: as(node, 'AlterTableCmd') ?? {},
    }));
    const table = { range: alter.relation, relation, commands };
    for (const { name } of addedColumns(table)) this.addedColumns.add(`${relation}.${name}`);
    if (!this.inTransaction) return;
    for (const { constraint } of addedConstraints(table))
      if (constraint.skip_validation && constraint.conname)
        this.notValid.set(`${relation} ${constraint.conname}`, line);
  }

  #types(tree: Node | undefined, line: number): void {
    if (!this.inTransaction) return;
    const made = as(tree, 'CreateEnumStmt')?.typeName;
    if (made) this.madeTypes.add(strings(made).at(-1) ?? '');
    const altered = as(tree, 'AlterEnumStmt');
    const type = strings(altered?.typeName).at(-1);
    if (type !== undefined && altered?.newVal !== undefined && !altered.oldVal && !this.madeTypes.has(type))
      this.newEnumValues.push({ type, value: altered.newVal, line });
  }
}

/** `SELECT set_config('lock_timeout', …)`, as pg_dump and some tools write it. */
function setsLockTimeout(tree: Node | undefined): boolean {
  if (!as(tree, 'SelectStmt')) return false;
  let found = false;
  walk(tree, (key, value) => {
    if (key === 'sval' && value.sval === 'lock_timeout') found = true;
    if (key === 'String' && value.sval === 'lock_timeout') found = true;
  });
  return found;
}
