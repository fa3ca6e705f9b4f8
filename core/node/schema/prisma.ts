/** Compares the Prisma schemas below a folder with the catalogue that their migrations leave. */
import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import { makeAnalyser } from '../../effects/effects.ts';
import { discover, type FoundHistory, type ReadText } from '../../migrations/discover.ts';
import { dialectNamed, formats } from '../../migrations/formats.ts';
import { comparePrisma, type PrismaDifference } from '../../migrations/prisma/compare.ts';
import { prismaFiles } from '../../migrations/prisma/find.ts';
import { type PrismaSchema, readPrisma } from '../../migrations/prisma/schema.ts';
import { parseSql } from '../../sql/parse.ts';
import { listFiles } from '../import/files.ts';
import { sqlTextOf } from '../import/read-sql.ts';
import { loadParsers } from '../parsers.ts';

export interface PrismaComparison {
  /** Folder of the migrations. */
  history: string;
  /** Files of the schema. */
  files: string[];
  schema: PrismaSchema;
  differences: PrismaDifference[];
  /** Statements of the history, or whole files, that were not understood: tables that they name are not compared. */
  notUnderstood: number;
}

/**
 * One comparison for each Prisma history that has a schema beside it, paths as below `root`. Throws `not-found` where there
 * is none, `invalid-request` for a schema with a mistake or a file that is
 * no text.
 */
export async function comparePrismaBelow(root: string): Promise<PrismaComparison[]> {
  const paths = await pathsBelow(root);
  const read = (path: string) => sqlTextOf(join(root, path));
  const { histories } = discover(paths, read);
  const pairs = histories
    .filter(({ format }) => format === 'prisma')
    .map((history) => ({ history, files: prismaFiles(history.folder, paths, read) }))
    .filter(({ files }) => files.length > 0);
  if (pairs.length === 0) {
    throw new TelemetryError(
      'not-found',
      `There is no schema.prisma with migrations below ${root}. Name the folder that holds both.`,
    );
  }
  await loadParsers();
  const comparisons = pairs.flatMap(({ history, files }) => compareOne(history, files, read) ?? []);
  if (comparisons.length === 0) {
    throw new TelemetryError(
      'invalid-request',
      `The datasource of ${pairs[0]?.files.join(', ')} is another database than that of its migrations.`,
    );
  }
  return comparisons;
}

async function pathsBelow(root: string): Promise<string[]> {
  try {
    const folder = realpathSync(root);
    if (statSync(folder).isDirectory()) return (await listFiles(folder)).paths;
  } catch {
    // Said below.
  }
  throw new TelemetryError('not-found', `There is no folder ${root}.`);
}

function textOf(path: string, readText: ReadText): string {
  const text = readText(path);
  if (text !== undefined) return text;
  throw new TelemetryError('invalid-request', `${path} cannot be read as text; save it as UTF-8.`);
}

/** Undefined where the schema is about another database than the migrations. */
function compareOne(
  history: FoundHistory,
  files: string[],
  readText: ReadText,
): PrismaComparison | undefined {
  const read = readPrisma(files.map((path) => ({ path, text: textOf(path, readText) })));
  if ('problem' in read) {
    const { path, line, message } = read.problem;
    throw new TelemetryError('invalid-request', `${path}:${line}: ${message}`);
  }
  const { schema } = read;
  const dialect = schema.provider === undefined ? undefined : dialectNamed(schema.provider);
  if (schema.provider !== undefined && dialect !== history.dialect) return undefined;
  const analyser = makeAnalyser(history.dialect);
  const notUnderstood: string[] = [];
  for (const { path } of history.migrations) {
    const up = formats.prisma.up(textOf(path, readText), history.dialect);
    const { statements, problems } = parseSql(up, history.dialect);
    if (problems.length > 0) notUnderstood.push(up);
    for (const statement of statements) {
      const { unanalysed } = analyser.analyse(statement);
      if (unanalysed !== undefined) notUnderstood.push(statement.text);
      analyser.apply(statement);
    }
  }
  const differences = comparePrisma(schema, analyser.catalogue, notUnderstood);
  return { history: history.folder, files, schema, differences, notUnderstood: notUnderstood.length };
}
