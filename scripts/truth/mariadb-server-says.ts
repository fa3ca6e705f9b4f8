/** Asks a server which ALGORITHM and which LOCK it accepts for a definition. */
import type { Connection } from 'mysql2/promise';
import { BEFORE, type OnlineCase, ROWS, TABLES } from './mariadb-cases.ts';

export const ALGORITHMS = ['INSTANT', 'NOCOPY', 'INPLACE', 'COPY'] as const;
export const LOCKS = ['NONE', 'SHARED', 'EXCLUSIVE'] as const;

export interface Answer {
  /** The best algorithm and, with it, the weakest lock; undefined where the server refuses the statement as such. */
  algorithm?: (typeof ALGORITHMS)[number];
  lock?: (typeof LOCKS)[number];
  /** The table's file is another one afterwards. Not known of engines other than InnoDB. */
  rebuilt?: boolean;
  /** What it said where it refused. */
  refused?: string;
}

/**
 * Tries the algorithms from the best on, with each the locks from the weakest on, on a fresh table with rows; what is
 * refused leaves it as it was.
 */
export async function serverSays(connection: Connection, { table, sql }: OnlineCase): Promise<Answer> {
  let refused = '';
  await fresh(connection, table);
  for (const algorithm of ALGORITHMS) {
    for (const lock of LOCKS) {
      try {
        const before = await spaces(connection);
        await connection.query(`${sql}, ALGORITHM=${algorithm}, LOCK=${lock}`);
        const after = await spaces(connection);
        const known = before.length + after.length > 0;
        const rebuilt = known ? !before.some((space) => after.includes(space)) : algorithm === 'COPY';
        // For some forms the server takes any ALGORITHM and copies all the same.
        return { algorithm: rebuilt && algorithm !== 'INPLACE' ? 'COPY' : algorithm, lock, rebuilt };
      } catch (error) {
        refused = error instanceof Error ? error.message : String(error);
        if (!/LOCK=/.test(refused)) break;
      }
    }
  }
  // Some forms take no ALGORITHM at all; else the form is wrong on this table.
  try {
    await connection.query(sql);
    return { refused: `accepted without ALGORITHM only: ${refused}` };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

/** Tablespaces of `t` and its partitions; InnoDB gives a table that is written anew another one. */
async function spaces(connection: Connection): Promise<number[]> {
  const [rows] = await connection.query(
    `SELECT SPACE AS space FROM information_schema.INNODB_SYS_TABLES WHERE NAME REGEXP CONCAT('^', DATABASE(), '/t2?(#|$)')`,
  );
  return (rows as { space: number }[]).map(({ space }) => space);
}

async function fresh(connection: Connection, table: string): Promise<void> {
  for (const name of ['t', 't2', 'p']) await connection.query(`DROP TABLE IF EXISTS ${name}`);
  for (const statement of [...BEFORE, ...(TABLES[table] ?? []), ROWS]) await connection.query(statement);
}
