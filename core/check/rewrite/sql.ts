/** Writes SQL from parse trees, and names as PostgreSQL would quote them. */
import type { AlterTableCmd, Node, RangeVar } from 'libpg-query';
import { Deparser, QuoteUtils } from 'pgsql-deparser';

/** One statement or expression on one line. */
export function sqlOf(node: Node): string {
  return Deparser.deparse(node as never, { pretty: false }).replace(/;\s*$/, '');
}

export function ident(name: string): string {
  return QuoteUtils.quoteIdentifier(name);
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A relation as the statement names it. */
export function tableSql({ schemaname, relname = '' }: RangeVar): string {
  return schemaname ? `${ident(schemaname)}.${ident(relname)}` : ident(relname);
}

/** ALTER TABLE with these commands. */
export function alterTableSql(relation: RangeVar, commands: readonly AlterTableCmd[]): string {
  return sqlOf({
    AlterTableStmt: {
      relation,
      objtype: 'OBJECT_TABLE',
      cmds: commands.map((AlterTableCmd) => ({ AlterTableCmd })),
    },
  } as Node);
}

/** PostgreSQL cuts names at 63 bytes; a name made of parts keeps its ending. */
export function madeName(...parts: string[]): string {
  const name = parts.join('_');
  if (bytes(name) <= 63) return name;
  const ending = `_${parts.at(-1)}`;
  let head = parts.slice(0, -1).join('_');
  while (bytes(head + ending) > 63) head = head.slice(0, -1);
  return head + ending;
}

/** Length in UTF-8. */
function bytes(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
