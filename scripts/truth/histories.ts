/** Reads migration histories from folders: statements in the order in which their tool runs them. */
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { formats } from '../../core/migrations/formats.ts';
import { discoverBelow } from '../../core/node/import/discover-below.ts';
import { listFiles } from '../../core/node/import/files.ts';
import { readSqlFile } from '../../core/node/import/read-sql.ts';
import { parseSql } from '../../core/sql/parse.ts';
import type { Statement } from '../../core/sql/statement.ts';

export interface Case {
  /** Where it comes from: file and line, or a case of the matrix. */
  place: string;
  statement: Statement;
}

export interface History {
  name: string;
  /** SQL that makes what the history takes for granted; not measured. */
  setup?: string;
  /** What the analyser hears of it: nothing of a migration tool's own tables. */
  given?: Case[];
  cases: Case[];
  /** Reported only where something differs. */
  brief?: boolean;
}

/** Every history of PostgreSQL below a folder. */
export async function readHistories(root: string): Promise<History[]> {
  if (!statSync(root).isDirectory()) return [{ name: root, cases: readCases(root, root) }];
  const { paths } = await listFiles(root);
  const found = discoverBelow(root, paths).histories.filter(({ dialect }) => dialect === 'postgres');
  return found.map(({ folder, format, migrations }) => ({
    name: join(root, folder),
    setup: formats[format].books?.create ?? '',
    cases: migrations.flatMap(({ path }) => readCases(join(root, path), path, formats[format].up)),
  }));
}

/** Go templates stand for a schema's name in some histories. */
const TEMPLATE = /\{\{[^{}]*\}\}/g;

function readCases(path: string, shown: string, up: (text: string) => string = (text) => text): Case[] {
  const file = readSqlFile(path);
  if ('problem' in file) return [];
  const text = up(file.text).replace(TEMPLATE, 'auth');
  const { statements } = parseSql(text, 'postgres');
  return statements
    .filter(({ kind }) => kind !== 'Transaction')
    .map((statement) => ({ place: `${shown}:${statement.line}`, statement }));
}
