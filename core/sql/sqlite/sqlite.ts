/** The statements of an SQLite script, with what they do; what cannot be read is said. */
import { Unexpected } from '../cursor.ts';
import { parseGeneric } from '../generic.ts';
import type { Operation } from '../operations.ts';
import type { ParsedSql, SyntaxProblem } from '../statement.ts';
import { Lines } from '../text.ts';
import { readSqlite, type SqliteStatement } from './read.ts';

/** Never throws. */
export function parseSqlite(text: string): ParsedSql {
  const { statements } = parseGeneric(text, 'sqlite');
  const lines = new Lines(text);
  const problems: SyntaxProblem[] = [];
  for (const statement of statements) {
    const read = tryRead(statement.text);
    if ('problem' in read) {
      const position = statement.start + Math.min(read.problem.position, statement.text.length);
      problems.push({ message: read.problem.message, position, ...lines.at(position) });
    } else {
      statement.operations = [operationOf(read.statement)];
    }
  }
  return { dialect: 'sqlite', statements, problems };
}

/** Undefined where it cannot be read. */
export function sqliteStatement(text: string): SqliteStatement | undefined {
  const read = tryRead(text);
  return 'statement' in read ? read.statement : undefined;
}

function tryRead(text: string): { statement: SqliteStatement } | { problem: Unexpected } {
  try {
    return { statement: readSqlite(text) };
  } catch (error) {
    if (error instanceof Unexpected) return { problem: error };
    throw error;
  }
}

function operationOf(read: SqliteStatement): Operation {
  const one = (name: string, objects: string[], destructive = false) => ({ name, objects, destructive });
  switch (read.kind) {
    case 'create_table':
      return one(read.definition ? 'create_table' : 'create_table_as', [read.table]);
    case 'create_virtual_table':
      return one('create_table', [read.table]);
    case 'create_index':
      return one(read.unique ? 'create_unique_index' : 'create_index', [read.table]);
    case 'create_view':
    case 'create_trigger':
      return one(read.kind, [read.table ?? read.name]);
    case 'drop_column':
      return one('drop_column', [read.table], true);
    case 'alter_column':
    case 'add_column':
    case 'rename_column':
    case 'rename_table':
      return one(read.kind, [read.table]);
    case 'drop':
      return one(`drop_${read.what}`, [read.name], read.what === 'table');
    case 'rows':
      return one(read.verb, read.writes, read.verb === 'delete');
    case 'pragma':
      return one('pragma', []);
    default:
      return one(read.verb, []);
  }
}
