/** The statements of a MySQL or MariaDB script, with what they do; what cannot be read is said. */
import { Unexpected } from '../cursor.ts';
import type { ParsedSql, Statement, SyntaxProblem } from '../statement.ts';
import { Lines } from '../text.ts';
import type { MysqlStatement } from './ast.ts';
import { mysqlOperations } from './operations.ts';
import { readMysql } from './read.ts';
import { splitMysql } from './split.ts';

/** Never throws. */
export function parseMysql(text: string): ParsedSql {
  const lines = new Lines(text);
  const statements: Statement[] = [];
  const problems: SyntaxProblem[] = [];
  for (const { start, end } of splitMysql(text)) {
    const part = text.slice(start, end);
    const read = tryRead(part);
    if ('problem' in read) {
      const position = start + Math.min(read.problem.position, part.length);
      problems.push({ message: read.problem.message, position, ...lines.at(position) });
    }
    statements.push({
      index: statements.length,
      kind: 'problem' in read ? 'Unknown' : kindOf(read.statement),
      text: part,
      start,
      end,
      line: lines.at(start).line,
      endLine: lines.at(end - 1).line,
      operations:
        'problem' in read
          ? [{ name: 'unknown', objects: [], destructive: false }]
          : mysqlOperations(read.statement),
    });
  }
  return { dialect: 'mysql', statements, problems };
}

/** A statement of which the text alone is kept, read again. Undefined where it cannot be read. */
export function mysqlStatement(text: string): MysqlStatement | undefined {
  const read = tryRead(text);
  return 'statement' in read ? read.statement : undefined;
}

function tryRead(text: string): { statement: MysqlStatement } | { problem: Unexpected } {
  try {
    return { statement: readMysql(text) };
  } catch (error) {
    if (error instanceof Unexpected) return { problem: error };
    throw error;
  }
}

/** `AlterTable`, as for the other dialects. */
function kindOf(statement: MysqlStatement): string {
  if (statement.kind === 'rows') return capitalised(statement.verb);
  if (statement.kind === 'maintain') return `${capitalised(statement.verb)}Table`;
  if (statement.kind === 'view' || statement.kind === 'trigger')
    return capitalised(statement.verb) + capitalised(statement.kind);
  if (statement.kind === 'other') {
    const definition = ['create', 'drop', 'alter'].includes(statement.verb);
    return capitalised(statement.verb) + (definition ? capitalised(statement.noun) : '');
  }
  return statement.kind.split('_').map(capitalised).join('');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
