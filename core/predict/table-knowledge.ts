/**
 * What is known of the rows before a statement: the statistics, and what earlier statements of the same migration did to
 * them. A column that was just filled has no NULLs, one that was just added without a default nothing but NULLs; rows
 * that were deleted may be those that would have been in the way. What is not known is undefined, never zero.
 */
import type { Node } from 'libpg-query';
import type { Catalogue } from '../effects/catalogue.ts';
import { all, as, constantOf, rangeName } from '../effects/postgres/tree.ts';
import type { Statement } from '../sql/statement.ts';
import type { ColumnStatistics, StatisticsIndex, TableStatistics } from '../statistics/statistics.ts';
import { shareOf } from './selectivity.ts';

/**
 * What this migration did to a column: `filled` is without NULLs, `mended` had its NULLs replaced by something that may
 * be NULL itself, `empty` is NULLs only, `changed` may be anything.
 */
export type ColumnState = 'filled' | 'mended' | 'empty' | 'constant' | 'changed';

export class TableKnowledge {
  readonly #statistics: StatisticsIndex | undefined;
  readonly #made = new Set<string>();
  readonly #emptied = new Set<string>();
  readonly #thinned = new Set<string>();
  readonly #columns = new Map<string, ColumnState>();

  constructor(statistics: StatisticsIndex | undefined) {
    this.#statistics = statistics;
  }

  get isBlind(): boolean {
    return this.#statistics === undefined;
  }

  table(relation: string): TableStatistics | undefined {
    return this.#statistics?.table(relation);
  }

  /** Rows; 0 for a table that this migration made or emptied, undefined where nothing tells. */
  rows(relation: string): number | undefined {
    if (this.#emptied.has(relation) || this.#made.has(relation)) return 0;
    const table = this.table(relation);
    return table?.exactRows ?? table?.rows;
  }

  bytes(relation: string): number | undefined {
    if (this.#emptied.has(relation) || this.#made.has(relation)) return 0;
    return this.table(relation)?.bytes;
  }

  indexBytes(relation: string): number | undefined {
    if (this.#emptied.has(relation) || this.#made.has(relation)) return 0;
    return this.table(relation)?.indexBytes;
  }

  isMade(relation: string): boolean {
    return this.#made.has(relation);
  }

  /** Rows of it were deleted by this migration. */
  isThinned(relation: string): boolean {
    return this.#thinned.has(relation);
  }

  state(relation: string, column: string): ColumnState | undefined {
    return this.#columns.get(`${relation}.${column}`);
  }

  /** As the statistics have it; undefined where they do not, or where this migration changed it. */
  column(relation: string, column: string): ColumnStatistics | undefined {
    const state = this.state(relation, column);
    const known = this.#statistics?.column(relation, column);
    if (state === undefined || known === undefined) return state === undefined ? known : undefined;
    if (state === 'changed' || state === 'mended') return undefined;
    const rows = this.rows(relation) ?? 0;
    if (state === 'empty')
      return { ...bare(known), nullFraction: 1, nulls: rows, distinct: 0, exactDistinct: 0 };
    if (state === 'constant')
      return { ...bare(known), nullFraction: 0, nulls: 0, distinct: 1, exactDistinct: 1 };
    const { nulls: _, exactDistinct: __, ...rest } = known;
    return { ...rest, nullFraction: 0, nulls: 0 };
  }

  /** Moves on past a statement of PostgreSQL that was judged. */
  advance({ tree, operations }: Statement, catalogue: Catalogue): void {
    const node = tree as Node | undefined;
    for (const { name, objects } of operations)
      if (/^create_(?:table|materialized_view)/.test(name))
        for (const object of objects) this.#made.add(object);
    this.#alter(node, catalogue);
    this.#update(node, catalogue);
    const deletes = as('DeleteStmt', node)?.relation;
    if (deletes) {
      const relation = named(deletes, catalogue);
      (as('DeleteStmt', node)?.whereClause ? this.#thinned : this.#emptied).add(relation);
    }
    for (const range of all('RangeVar', as('TruncateStmt', node)?.relations))
      this.#emptied.add(named(range, catalogue));
    const inserts = as('InsertStmt', node)?.relation;
    if (inserts) {
      const relation = named(inserts, catalogue);
      this.#emptied.delete(relation);
      this.#made.delete(relation);
    }
  }

  #alter(node: Node | undefined, catalogue: Catalogue): void {
    const alter = as('AlterTableStmt', node);
    if (!alter?.relation) return;
    const relation = named(alter.relation, catalogue);
    for (const command of all('AlterTableCmd', alter.cmds)) {
      const definition = as('ColumnDef', command.def);
      if (command.subtype === 'AT_AddColumn' && definition?.colname) {
        const constraints = all('Constraint', definition.constraints);
        const byDefault = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
        const filled = constraints.some(({ contype = '' }) => /IDENTITY|GENERATED/.test(contype));
        const serial = /serial/.test(JSON.stringify(definition.typeName ?? ''));
        const value = byDefault && constantOf(byDefault.raw_expr);
        const state =
          filled || serial
            ? 'filled'
            : !byDefault || value === null
              ? 'empty'
              : value === undefined
                ? 'filled'
                : 'constant';
        this.#columns.set(`${relation}.${definition.colname}`, state);
      }
      if (command.subtype === 'AT_AlterColumnType' && command.name) {
        const before = this.state(relation, command.name);
        if (before === undefined) continue;
        this.#columns.set(`${relation}.${command.name}`, before);
      }
    }
  }

  #update(node: Node | undefined, catalogue: Catalogue): void {
    const update = as('UpdateStmt', node);
    if (!update?.relation) return;
    const relation = named(update.relation, catalogue);
    for (const { name = '', val } of all('ResTarget', update.targetList)) {
      const value = constantOf(val);
      const key = `${relation}.${name}`;
      const onNulls = isNullTestOf(update.whereClause, name);
      const all = !update.whereClause && !update.fromClause;
      const surely = value !== undefined ? value !== null : isFilledCall(val);
      if (surely && (all || onNulls))
        this.#columns.set(key, all && value !== undefined ? 'constant' : 'filled');
      else if (onNulls && value !== null) this.#columns.set(key, 'mended');
      else if (shareOf(update.whereClause, relation, this)?.share !== 0) this.#columns.set(key, 'changed');
    }
  }
}

/** Statistics of a column whose values are no longer those. */
function bare({ name }: ColumnStatistics): ColumnStatistics {
  return { name, nullFraction: null, distinct: null, avgWidth: null };
}

export function named(range: Parameters<typeof rangeName>[0], catalogue: Catalogue): string {
  const { schema, name } = rangeName(range);
  return catalogue.resolve(schema, name)?.name ?? `${schema ?? 'public'}.${name}`;
}

/** `column IS NULL`, alone. */
function isNullTestOf(where: Node | undefined, column: string): boolean {
  const test = as('NullTest', where);
  if (test?.nulltesttype !== 'IS_NULL') return false;
  const fields = as('ColumnRef', test.arg)?.fields ?? [];
  return as('String', fields.at(-1))?.sval === column;
}

/** Functions that never give NULL, and `coalesce` that ends in a constant. */
function isFilledCall(node: Node | undefined): boolean {
  const call = as('FuncCall', node);
  const name = as('String', call?.funcname?.at(-1))?.sval ?? '';
  if (/^(?:now|clock_timestamp|gen_random_uuid|uuid_generate_v\d|nextval|random)$/.test(name)) return true;
  if (as('SQLValueFunction', node)) return true;
  const last = as('CoalesceExpr', node)?.args?.at(-1);
  const value = last && constantOf(last);
  return (value !== undefined && value !== null) || (last !== undefined && isFilledCall(last));
}
