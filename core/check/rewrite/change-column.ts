/**
 * Expand and contract for one column: a new column, kept in step by a trigger, filled in batches, then swapped with the
 * old one in a short transaction. Needs the old type from the catalogue only for a rename.
 */
import type { ColumnDef, Node } from 'libpg-query';
import type { RuleContext } from '../rule.ts';
import { type AlteredTable, as } from '../tree.ts';
import { batched } from './backfill.ts';
import { ident, madeName, sqlOf, tableSql } from './sql.ts';
import type { Rewrite, Step } from './steps.ts';

/** For `ALTER COLUMN … TYPE`; undefined where constraints, indexes or views hang on the column, which would be lost. */
export function changeColumn(context: RuleContext, table: AlteredTable, index: number): Rewrite | undefined {
  const cmd = table.commands[index]?.cmd;
  const column = as(cmd?.def, 'ColumnDef');
  const name = cmd?.name;
  if (!column?.typeName || name === undefined || hangsOn(context, table.relation, name)) return undefined;
  const known = context.catalogue.relation(table.relation)?.columns.get(name);
  if (!known) return undefined;
  const type = sqlOf({ TypeName: column.typeName } as Node);
  const fresh = madeName(name, 'new');
  const old = madeName(name, 'old');
  const value = column.raw_default ? sqlOf(column.raw_default) : `${ident(name)}::${type}`;
  const inTrigger = column.raw_default ? sqlOf(ofNewRow(column)) : `NEW.${ident(name)}::${type}`;
  const on = tableSql(table.range);
  const moves: Step[] = [
    {
      sql: [`ALTER TABLE ${on} ADD COLUMN ${ident(fresh)} ${type}`, ...inStep(table, name, fresh, inTrigger)],
    },
    fill(context, table, fresh, value),
  ];
  if (known.notNull) {
    const check = ident(madeName(table.range.relname ?? '', fresh, 'not_null'));
    moves.push(
      { sql: [`ALTER TABLE ${on} ADD CONSTRAINT ${check} CHECK (${ident(fresh)} IS NOT NULL) NOT VALID`] },
      { note: '', sql: [`ALTER TABLE ${on} VALIDATE CONSTRAINT ${check}`] },
      {
        note: '',
        sql: [
          `ALTER TABLE ${on} ALTER COLUMN ${ident(fresh)} SET NOT NULL`,
          `ALTER TABLE ${on} DROP CONSTRAINT ${check}`,
        ],
      },
    );
  }
  const trigger = triggerName(table, fresh);
  const steps: Step[] = [
    ...moves,
    {
      note: 'In one short transaction',
      sql: [
        'BEGIN',
        `DROP TRIGGER ${trigger} ON ${on}`,
        `DROP FUNCTION ${trigger}()`,
        `ALTER TABLE ${on} RENAME COLUMN ${ident(name)} TO ${ident(old)}`,
        `ALTER TABLE ${on} RENAME COLUMN ${ident(fresh)} TO ${ident(name)}`,
        ...(known.default === undefined
          ? []
          : [`ALTER TABLE ${on} ALTER COLUMN ${ident(name)} SET DEFAULT ${known.default}`]),
        ...(known.notNull ? [`ALTER TABLE ${on} ALTER COLUMN ${ident(old)} DROP NOT NULL`] : []),
        'COMMIT',
      ],
    },
    { note: 'Once nothing needs the old values', sql: [`ALTER TABLE ${on} DROP COLUMN ${ident(old)}`] },
  ];
  return { replaces: [index], steps };
}

/** For a rename: both names live until no code uses the old one. Undefined where the type is not known. */
export function renameColumn(
  context: RuleContext,
  table: AlteredTable,
  name: string,
  newName: string,
): Rewrite | undefined {
  const known = context.catalogue.relation(table.relation)?.columns.get(name);
  if (!known?.type || hangsOn(context, table.relation, name)) return undefined;
  const on = tableSql(table.range);
  const trigger = triggerName(table, newName);
  return {
    steps: [
      {
        note: 'Both columns live side by side',
        sql: [
          `ALTER TABLE ${on} ADD COLUMN ${ident(newName)} ${known.type}`,
          ...bothWays(table, name, newName),
        ],
      },
      fill(context, table, newName, ident(name)),
      {
        note: 'Once all code uses the new name',
        sql: [
          `DROP TRIGGER ${trigger} ON ${on}`,
          `DROP FUNCTION ${trigger}()`,
          `ALTER TABLE ${on} DROP COLUMN ${ident(name)}`,
        ],
      },
    ],
  };
}

function fill(context: RuleContext, table: AlteredTable, column: string, value: string): Step {
  const on = tableSql(table.range);
  const change = `UPDATE ${on} SET ${ident(column)} = ${value}`;
  const partitioned = context.catalogue.relation(table.relation)?.kind === 'partitioned_table';
  const { serverVersion } = context;
  return {
    outside: true,
    note: 'Fills the old rows in batches',
    sql: [
      batched(on, change, `${ident(column)} IS DISTINCT FROM (${value})`, { serverVersion, partitioned }),
    ],
  };
}

/** A column on which a constraint, an index or a view hangs cannot simply be exchanged for another. */
function hangsOn({ catalogue }: RuleContext, relation: string, column: string): boolean {
  const known = catalogue.relation(relation);
  if (!known) return true;
  const keyed = [...known.constraints.values()].some(
    ({ kind, columns }) => kind !== 'not_null' && columns.includes(column),
  );
  return (
    keyed ||
    known.views.length > 0 ||
    [...known.indexes.values()].some(({ columns }) => columns.includes(column))
  );
}

function triggerName(table: AlteredTable, column: string): string {
  return ident(madeName(table.range.relname ?? '', column, 'sync'));
}

/** A trigger that writes the new column from the old one on every write. */
function inStep(table: AlteredTable, _name: string, fresh: string, value: string): string[] {
  const trigger = triggerName(table, fresh);
  return [
    `CREATE FUNCTION ${trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.${ident(fresh)} := ${value};
  RETURN NEW;
END $$`,
    `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${tableSql(table.range)} FOR EACH ROW EXECUTE FUNCTION ${trigger}()`,
  ];
}

/** A trigger that keeps two columns equal, whichever of them is written. */
function bothWays(table: AlteredTable, name: string, newName: string): string[] {
  const trigger = triggerName(table, newName);
  const [a, b] = [ident(name), ident(newName)];
  return [
    `CREATE FUNCTION ${trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.${b} := COALESCE(NEW.${b}, NEW.${a});
    NEW.${a} := NEW.${b};
  ELSIF NEW.${b} IS DISTINCT FROM OLD.${b} THEN
    NEW.${a} := NEW.${b};
  ELSE
    NEW.${b} := NEW.${a};
  END IF;
  RETURN NEW;
END $$`,
    `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${tableSql(table.range)} FOR EACH ROW EXECUTE FUNCTION ${trigger}()`,
  ];
}

/** The USING expression with each column as that of the row being written. */
function ofNewRow({ raw_default }: ColumnDef): Node {
  const copy = JSON.parse(JSON.stringify(raw_default)) as Node;
  const waiting: unknown[] = [copy];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (typeof at !== 'object' || at === null) continue;
    const fields = (at as { ColumnRef?: { fields?: Node[] } }).ColumnRef?.fields;
    if (fields) fields.splice(0, fields.length - 1, { String: { sval: 'new' } });
    else waiting.push(...Object.values(at));
  }
  return copy;
}
