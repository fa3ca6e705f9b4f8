/** Reads PostgreSQL's parse trees: the few shapes that rules look at. */
import type { AlterTableCmd, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';
import type { Catalogue } from '../effects/catalogue.ts';
import type { RuleContext } from './rule.ts';

type NodeOf<K extends string> = Extract<Node, Record<K, unknown>>[K &
  keyof Extract<Node, Record<K, unknown>>];

/** The node's content where it is of this kind. */
export function as<K extends string>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return node && ((node as Record<string, unknown>)[kind] as NodeOf<K> | undefined);
}

export interface AlterCommand {
  /** Place in the ALTER TABLE, from 0. */
  index: number;
  cmd: AlterTableCmd;
}

export interface AlteredTable {
  range: RangeVar;
  /** Schema-qualified, as the search path finds it. */
  relation: string;
  commands: AlterCommand[];
}

/** An ALTER TABLE on a table, with its commands; undefined for every other statement. */
export function alteredTable({ tree, catalogue }: RuleContext): AlteredTable | undefined {
  const alter = as(tree, 'AlterTableStmt');
  if (!alter?.relation || (alter.objtype ?? 'OBJECT_TABLE') !== 'OBJECT_TABLE') return undefined;
  const commands = (alter.cmds ?? []).map((node, index) => ({ index, cmd: as(node, 'AlterTableCmd') ?? {} }));
  return { range: alter.relation, relation: nameOf(alter.relation, catalogue), commands };
}

/** The schema-qualified name of a relation as the search path finds it; `public` where nothing is known. */
export function nameOf(range: RangeVar | undefined, catalogue: Catalogue): string {
  const { schemaname, relname = '' } = range ?? {};
  return catalogue.resolve(schemaname, relname)?.name ?? `${schemaname ?? 'public'}.${relname}`;
}

export interface AddedColumn {
  index: number;
  column: ColumnDef;
  name: string;
  constraints: Constraint[];
}

/** The columns that an ALTER TABLE adds, with the constraints that stand inside of them. */
export function addedColumns({ commands }: AlteredTable): AddedColumn[] {
  return commands.flatMap(({ index, cmd }) => {
    const column = cmd.subtype === 'AT_AddColumn' ? as(cmd.def, 'ColumnDef') : undefined;
    if (!column?.colname) return [];
    return [{ index, column, name: column.colname, constraints: constraintsOf(column) }];
  });
}

/** The constraints that an ALTER TABLE adds as such. */
export function addedConstraints({ commands }: AlteredTable): { index: number; constraint: Constraint }[] {
  return commands.flatMap(({ index, cmd }) => {
    const constraint = cmd.subtype === 'AT_AddConstraint' ? as(cmd.def, 'Constraint') : undefined;
    return constraint ? [{ index, constraint }] : [];
  });
}

export function constraintsOf(column: ColumnDef): Constraint[] {
  return (column.constraints ?? []).flatMap((node) => as(node, 'Constraint') ?? []);
}

/** The default expression of a column definition. */
export function defaultOf(column: ColumnDef): Node | undefined {
  return (
    column.raw_default ?? constraintsOf(column).find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr
  );
}

/** The plain strings of a list of names. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => as(node, 'String')?.sval ?? []);
}

/** The last part of a type's name, in lower case: `timestamptz`, `varchar`, `serial`. */
export function typeName(column: ColumnDef): string {
  return (strings(column.typeName?.names).at(-1) ?? '').toLowerCase();
}

/** Every node below `root` that `visit` is called with, in no particular order; bounded by the tree. */
export function walk(root: unknown, visit: (key: string, value: Record<string, unknown>) => void): void {
  const waiting: unknown[] = [root];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (Array.isArray(at)) {
      for (const item of at) waiting.push(item);
    } else if (typeof at === 'object' && at !== null) {
      for (const [key, value] of Object.entries(at)) {
        if (typeof value !== 'object' || value === null) continue;
        if (!Array.isArray(value)) visit(key, value as Record<string, unknown>);
        waiting.push(value);
      }
    }
  }
}

/** Names of the columns that an expression reads. */
export function columnsIn(expression: unknown): string[] {
  const found = new Set<string>();
  walk({ expression }, (key, value) => {
    if (key !== 'ColumnRef') return;
    const name = strings(value.fields as Node[] | undefined).at(-1);
    if (name !== undefined) found.add(name);
  });
  return [...found];
}
