/** `aibos schema log|show|diff`: what the schema was, and what differs between two states of it. */
import { realpathSync } from 'node:fs';
import type { TelemetryClient } from '../../../contract/client.ts';
import { TelemetryError } from '../../../contract/errors.ts';
import { plural } from '../../../report/format.ts';
import { differenceLines, renameLines, schemaLines, versionLines } from '../../../report/schema-text.ts';
import type { Difference, RenameHint } from '../../../schema/difference.ts';
import type { SchemaSnapshot } from '../../../schema/snapshot.ts';
import { compared } from '../../../schema/timeline-queries.ts';
import { type Transition, transitionScript } from '../../../schema/transition/transition.ts';
import { withDatabase } from '../../database/with-database.ts';
import { workspaceOf } from '../../import/import-repository.ts';
import { loadParsers } from '../../parsers.ts';
import { commitNamed, schemaAtCommit, schemaOfFolder } from '../../schema/at-commit.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface SchemaOptions extends GlobalOptions {
  path: string;
  workspace?: string;
  history?: string;
}

export async function schemaLogCommand(
  options: SchemaOptions & { table?: string; limit?: number },
): Promise<number> {
  return withClient(options, async (client) => {
    const which = await whichHistory(client, options);
    const { items, total } = await client.call('schema.versions', {
      ...which,
      ...(options.table === undefined ? {} : { table: options.table }),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    });
    if (options.format === 'json') printJson({ items, total });
    else if (items.length === 0)
      print('No version is known. Import the repository first: aibos import PATH.');
    else {
      const style = terminalStyle();
      for (const item of items) print(versionLines(item, style).join('\n'));
      if (items.length < total) print(style.dim(`${total - items.length} older; --limit shows more.`));
    }
    return items.length === 0 ? EXIT.found : EXIT.done;
  });
}

export async function schemaShowCommand(
  version: string | undefined,
  options: SchemaOptions & { table?: string; at?: string },
): Promise<number> {
  return withClient(options, async (client) => {
    const result = await client.call('schema.get', {
      ...(await whichHistory(client, options)),
      at: version ?? options.at ?? 'latest',
      ...(options.table === undefined ? {} : { table: options.table }),
    });
    if (options.format === 'json') printJson(result);
    else {
      const style = terminalStyle();
      if (result.version) print(`${versionLines(result.version, style)[0]}\n`);
      print(schemaLines(result.schema, style).join('\n'));
    }
    return EXIT.done;
  });
}

export interface DiffOptions extends SchemaOptions {
  url?: string;
  sql?: boolean;
}

interface Compared {
  differences: Difference[];
  renames: RenameHint[];
  sql?: Transition;
}

/**
 * @param range `A..B` of recorded versions, migrations, times or git revisions; one side alone is compared with the
 * newest, or with the database of `--url`
 * @returns 1 where anything differs
 */
export async function schemaDiffCommand(range: string | undefined, options: DiffOptions): Promise<number> {
  const [from, to] = sidesOf(range);
  const result = await compareSides(from, to, options);
  const { differences, renames, sql } = result;
  if (options.format === 'json') printJson(result);
  else if (options.sql && sql) print(sql.steps.length > 0 ? transitionScript(sql) : '-- Nothing to do.');
  else print(comparedLines(differences, renames).join('\n'));
  return differences.length > 0 ? EXIT.found : EXIT.done;
}

/** Worst first, with what may be a renaming and the count. */
export function comparedLines(differences: readonly Difference[], renames: readonly RenameHint[]): string[] {
  const style = terminalStyle();
  const breaking = differences.filter(({ level }) => level === 'breaking').length;
  return [
    ...differenceLines(differences, style),
    ...renameLines(renames, style),
    `${plural(differences.length, 'difference')}, ${breaking} breaking.`,
  ];
}

async function compareSides(
  from: string | undefined,
  to: string | undefined,
  options: DiffOptions,
): Promise<Compared> {
  const { path, url } = options;
  const sql = options.sql === true || options.format === 'json';
  const commits = await Promise.all([from, to].map((side) => side && commitNamed(path, side)));
  const [fromCommit, toCommit] = commits;
  if (url !== undefined) {
    if (to !== undefined) {
      throw new TelemetryError(
        'invalid-request',
        'With --url give one side only: the database is the other.',
      );
    }
    const before = fromCommit
      ? await atCommit(fromCommit, options)
      : await recordedOrHere(from ?? 'latest', options);
    const live = await withDatabase(url, {}, ({ connector }) => connector.snapshot());
    return compared(before, live, sql);
  }
  if (from === undefined) {
    throw new TelemetryError(
      'invalid-request',
      'Compare what? Give A..B (versions, migrations, dates or git branches), or --url for a database.',
    );
  }
  if (fromCommit && (toCommit || to === undefined)) {
    const [before, after] = [
      await atCommit(fromCommit, options),
      toCommit ? await atCommit(toCommit, options) : await here(options),
    ];
    return compared(before, after, sql);
  }
  return withClient(options, async (client) => {
    const which = await whichHistory(client, options);
    return (await client.call('schema.diff', {
      ...which,
      from,
      to: to ?? 'latest',
      sql,
    })) as unknown as Compared;
  });
}

function sidesOf(range: string | undefined): [string | undefined, string | undefined] {
  const [from, to] = range?.split(/\.{2,3}/) ?? [];
  return [from || undefined, to || undefined];
}

async function atCommit(commit: string, { path, history }: DiffOptions): Promise<SchemaSnapshot> {
  await loadParsers();
  const { schema, failed } = await schemaAtCommit(path, commit, history);
  warn(failed, commit.slice(0, 10));
  return schema;
}

async function here({ path, history }: DiffOptions): Promise<SchemaSnapshot> {
  await loadParsers();
  const { schema, failed } = await schemaOfFolder(path, history);
  warn(failed, 'the checkout');
  return schema;
}

/** What was imported; where nothing was, the migrations of the checkout are run. */
function recordedOrHere(at: string, options: DiffOptions): Promise<SchemaSnapshot> {
  return withClient(options, async (client) => {
    const which = await whichHistory(client, options);
    const { total } = await client.call('schema.versions', { ...which, limit: 1 });
    if (total === 0) return here(options);
    return (await client.call('schema.get', { ...which, at })).schema;
  });
}

function warn(failed: readonly string[], where: string): void {
  for (const migration of failed) {
    process.stderr.write(
      `aibos: ${migration} of ${where} failed in the shadow database; what worked of it counts.\n`,
    );
  }
}

/** The history that the options name, else those of the repository at the path, else all. */
export async function whichHistory(client: TelemetryClient, { path, workspace, history }: SchemaOptions) {
  const named = history === undefined ? {} : { history };
  if (workspace !== undefined) return { workspace, ...named };
  let here: string;
  try {
    here = workspaceOf(realpathSync(path));
  } catch {
    throw new TelemetryError('not-found', `There is no folder ${path}.`);
  }
  const { total } = await client.call('schema.versions', { workspace: here, limit: 1 });
  return total > 0 ? { workspace: here, ...named } : named;
}
