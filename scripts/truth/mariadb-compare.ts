/** Compares what the analyser says of a definition with what the server accepts. */
import type { Connection } from 'mysql2/promise';
import { makeAnalyser } from '../../core/effects/effects.ts';
import { parseMysql } from '../../core/sql/mysql/mysql.ts';
import { BEFORE, type OnlineCase, TABLES } from './mariadb-cases.ts';
import { type Answer, serverSays } from './mariadb-server-says.ts';

export interface Comparison {
  case: OnlineCase;
  said: string;
  server: string;
  /** Undefined where the server refuses the statement on this table. */
  equal?: boolean;
}

export async function compare(
  connection: Connection,
  cases: readonly OnlineCase[],
  version: number,
): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const one of cases) found.push(judge(one, await serverSays(connection, one), version));
  return found;
}

function judge(one: OnlineCase, answer: Answer, version: number): Comparison {
  const analyser = makeAnalyser('mysql', { product: 'mariadb', serverVersion: version });
  for (const sql of [...BEFORE, 'ALTER DATABASE CHARACTER SET utf8mb4', ...(TABLES[one.table] ?? [])])
    for (const statement of parseMysql(sql).statements) analyser.apply(statement);
  const [statement] = parseMysql(one.sql).statements;
  const effects = statement && analyser.analyse(statement);
  const online = effects?.online;
  const rebuilt = (effects?.rewrites.length ?? 0) > 0;
  const said = online
    ? `${online.algorithm} ${online.lock}${rebuilt ? ' rebuilds' : ''}`
    : `(${effects?.unanalysed})`;
  if (answer.algorithm === undefined) return { case: one, said, server: answer.refused ?? 'refused' };
  const server = `${answer.algorithm} ${answer.lock}${answer.rebuilt ? ' rebuilds' : ''}`;
  return { case: one, said, server, equal: said === server };
}
