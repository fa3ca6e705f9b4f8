/** What can be said of `schema.prisma` while it is typed: its mistakes, and what the migrations beside it have not made. */
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CheckFinding } from '../../../core/check/result.ts';
import type { Dialect } from '../../../core/contract/event.ts';
import type { Catalogue } from '../../../core/effects/catalogue.ts';
import { makeAnalyser } from '../../../core/effects/effects.ts';
import { discover } from '../../../core/migrations/discover.ts';
import { dialectNamed, formats } from '../../../core/migrations/formats.ts';
import { ancestors, within } from '../../../core/migrations/paths.ts';
import { comparePrisma } from '../../../core/migrations/prisma/compare.ts';
import { prismaFiles } from '../../../core/migrations/prisma/find.ts';
import { readPrisma } from '../../../core/migrations/prisma/schema.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { parseSql } from '../../../core/sql/parse.ts';
import type { WorkspacePlace } from '../workspace.ts';
import { Cancelled, type IsCancelled } from './kept-history.ts';

/** Folders above a file of the schema in which its migrations may lie. */
const LEVELS = 3;

interface Left {
  texts: readonly string[];
  catalogue: Catalogue;
  /** Texts of statements that were not understood: what they name is not compared. */
  notUnderstood: string[];
}

export class PrismaSchemas {
  readonly #left = new Map<string, Left>();

  /** @param textOf what an editor or the disk holds of a path below the folder */
  async findings(
    { root, path }: WorkspacePlace,
    textOf: (path: string) => string | undefined,
    isCancelled: IsCancelled,
  ): Promise<CheckFinding[]> {
    const paths = around(root, path);
    const { histories } = discover(paths, textOf);
    const history = histories.find(
      ({ format, folder }) => format === 'prisma' && prismaFiles(folder, paths, textOf).includes(path),
    );
    const files = history ? prismaFiles(history.folder, paths, textOf) : [path];
    const read = readPrisma(files.map((file) => ({ path: file, text: textOf(file) ?? '' })));
    if ('problem' in read) {
      const { path: where, line, message } = read.problem;
      return where === path ? [finding('prisma-syntax', 'error', line, message)] : [];
    }
    if (!history) return [];
    const { provider } = read.schema;
    if (provider !== undefined && dialectNamed(provider) !== history.dialect) return [];
    const texts = history.migrations.map(({ path: file }) => textOf(file) ?? '');
    const { catalogue, notUnderstood } = await this.#leftBy(
      join(root, history.folder),
      texts,
      history.dialect,
      isCancelled,
    );
    return comparePrisma(read.schema, catalogue, notUnderstood)
      .filter((difference) => difference.path === path)
      .map(({ rule, severity, line, message }) => finding(rule, severity, line, message));
  }

  async #leftBy(
    folder: string,
    texts: readonly string[],
    dialect: Dialect,
    isCancelled: IsCancelled,
  ): Promise<Left> {
    const known = this.#left.get(folder);
    if (known?.texts.length === texts.length && known.texts.every((text, i) => text === texts[i]))
      return known;
    await loadParsers();
    const analyser = makeAnalyser(dialect);
    const notUnderstood: string[] = [];
    for (const text of texts) {
      const { statements, problems } = parseSql(formats.prisma.up(text, dialect), dialect);
      if (problems.length > 0) notUnderstood.push(text);
      for (const statement of statements) {
        if (analyser.analyse(statement).unanalysed !== undefined) notUnderstood.push(statement.text);
        analyser.apply(statement);
      }
      await setImmediate();
      if (isCancelled()) throw new Cancelled();
    }
    const left = { texts, catalogue: analyser.catalogue, notUnderstood };
    this.#left.set(folder, left);
    return left;
  }
}

/** The files in which a schema and its migrations may be: beside it and in `migrations` of the folders above. */
function around(root: string, path: string): string[] {
  const folder = posix.dirname(path);
  const found = new Set([path]);
  for (const above of ancestors(folder).reverse().slice(0, LEVELS)) {
    for (const name of namesIn(join(root, above))) found.add(within(above, name));
    const migrations = within(above, 'migrations');
    for (const name of namesIn(join(root, migrations)))
      found.add(within(migrations, name.includes('.') ? name : `${name}/migration.sql`));
    for (const name of namesIn(join(root, above, 'schema'))) found.add(within(within(above, 'schema'), name));
  }
  return [...found];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function finding(
  rule: string,
  severity: CheckFinding['severity'],
  line: number,
  message: string,
): CheckFinding {
  return { rule, severity, message, line, column: 1, endColumn: 2 };
}
