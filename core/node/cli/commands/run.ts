/** `aibos run FILE… --url URL`: runs migrations on a database, measures each statement, records what came of it. */
import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { TelemetryError } from '../../../contract/errors.ts';
import type { EventInput } from '../../../contract/event.ts';
import { type MeasuredRun, runMeasured } from '../../../database/measured.ts';
import { type RanMigration, runEvents } from '../../../database/run-events.ts';
import { type Format, formatOfFile } from '../../../migrations/formats.ts';
import { redactText } from '../../../privacy/redact.ts';
import { duration, plural } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { parseSql } from '../../../sql/parse.ts';
import type { ParsedSql } from '../../../sql/statement.ts';
import { DATABASE_VARIABLE } from '../../data-folder.ts';
import { manifestEnvironments } from '../../database/manifest-environments.ts';
import { type OpenedDatabase, withDatabase } from '../../database/with-database.ts';
import { workspaceOf } from '../../import/import-repository.ts';
import { readSqlFile } from '../../import/read-sql.ts';
import { loadParsers } from '../../parsers.ts';
import { nodePlatform } from '../../platform.ts';
import { badgeText, confirmRun } from '../confirm.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { refuseHeldRun } from '../held-run.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface RunCommandOptions extends GlobalOptions {
  url?: string;
  dryRun?: boolean;
  /** Milliseconds. */
  lockTimeout?: number;
  yesProduction?: string;
  /** False with `--no-record`. */
  record?: boolean;
  /** Runs although an alert holds it up. */
  override?: boolean;
}

interface FileToRun {
  path: string;
  name: string;
  format: Format;
  text: string;
  parsed: ParsedSql;
  checksum: string;
}

interface Done {
  migration: RanMigration;
  run: MeasuredRun;
}

export async function runCommand(paths: string[], options: RunCommandOptions): Promise<number> {
  await loadParsers();
  const url = options.url ?? process.env[DATABASE_VARIABLE];
  const patterns = manifestEnvironments(process.cwd());
  if (!options.dryRun && !options.override) await refuseHeldRun(options);
  const forwarded: EventInput[] = [];
  const done = await withDatabase(
    url,
    { patterns, forward: (event) => forwarded.push(event) },
    async (database) => runAll(paths, database, options),
  );
  if (options.record !== false) {
    const workspace = workspaceOf(realpathSync(process.cwd()));
    const events = [...done.flatMap(({ migration, run }) => runEvents(migration, run)), ...forwarded];
    await withClient(options, (client) =>
      client.call('events.record', {
        events: events.map((event) => ({ ...event, metadata: { ...event.metadata, workspace } })),
      }),
    );
  }
  if (options.format === 'json') printJson({ version: 1, migrations: done.map(asJson) });
  return done.some(({ run }) => run.outcome === 'failed') ? EXIT.found : EXIT.done;
}

/** Files in the order given, until one fails. */
async function runAll(
  paths: string[],
  database: OpenedDatabase,
  options: RunCommandOptions,
): Promise<Done[]> {
  const { address, badge, connector } = database;
  const { dryRun = false } = options;
  const style = terminalStyle();
  const files = paths.map((path) => fileToRun(path, address.dialect));
  process.stderr.write(`${badgeText(badge, address, style)}\n`);
  if (!dryRun) await confirmRun(badge, address, plural(files.length, 'migration'), options);
  const { product, version } = await connector.facts();
  const done: Done[] = [];
  for (const file of files) {
    const session = await connector.openRun({ lockTimeoutMs: options.lockTimeout });
    try {
      const startedAt = nodePlatform.now();
      const { statements } = file.parsed;
      const run = await runMeasured(session, {
        wrapping: file.format.wrapping(file.text),
        statements,
        dryRun,
      });
      const migration: RanMigration = {
        name: file.name,
        file: file.path,
        tool: file.format.name,
        dialect: address.dialect,
        environment: badge.environment,
        database: `${address.host}/${address.database}`,
        server: `${product} ${version}`,
        dryRun,
        text: file.text,
        statements,
        checksum: file.checksum,
        startedAt,
      };
      done.push({ migration, run });
      if (options.format !== 'json') for (const line of textOf(migration, run, style)) print(line);
      if (run.outcome === 'failed') break;
    } finally {
      await session.close();
    }
  }
  return done;
}

/** A file whose SQL is broken is not run at all: what comes before the error would already have happened. */
function fileToRun(path: string, dialect: OpenedDatabase['address']['dialect']): FileToRun {
  const file = readSqlFile(resolve(path));
  if ('problem' in file) throw new TelemetryError('invalid-request', `${path}: ${file.problem}.`);
  const format = formatOfFile(path, file.text);
  const [unknown] = format.unanalysed?.(file.text, dialect) ?? [];
  if (unknown) {
    throw new TelemetryError(
      'invalid-request',
      `${path}:${unknown.line}: ${unknown.reason}. Run it with ${format.title} itself; nothing was run.`,
    );
  }
  const text = format.up(file.text, dialect);
  const parsed = parseSql(text, dialect);
  const [problem] = parsed.problems;
  if (problem) {
    throw new TelemetryError(
      'invalid-request',
      `${path}:${problem.line}:${problem.column}: ${problem.message}. Nothing was run.`,
    );
  }
  return {
    path,
    name: basename(path).replace(/(?:\.up)?\.sql$/i, ''),
    format,
    text,
    parsed,
    checksum: nodePlatform.sha256(file.text).slice(0, 16),
  };
}

function textOf({ file, statements }: RanMigration, run: MeasuredRun, style: Style): string[] {
  const head = {
    succeeded: style.good('done'),
    failed: style.bad('failed'),
    rolled_back: style.good('would work, rolled back'),
  }[run.outcome];
  const lines = [`${style.bold(file)}  ${head}, ${duration(run.durationMs)}`];
  for (const [i, statement] of statements.entries()) {
    const measured = run.statements[i];
    if (!measured) continue;
    const mark =
      { failed: style.bad('✗'), skipped: style.dim('–') }[measured.outcome as string] ?? style.good('✓');
    const gist = redactText(statement.text.replace(/\s+/g, ' ').slice(0, 70));
    const time =
      measured.outcome === 'skipped' ? `not run: ${measured.reason}` : duration(measured.durationMs);
    lines.push(`  ${mark} line ${statement.line}  ${gist}  ${style.dim(time)}`);
    for (const { relation, mode } of measured.locks)
      lines.push(style.dim(`      locked ${relation}  ${mode}`));
    for (const { relation, mode, waitedMs } of measured.waits)
      lines.push(style.warn(`      waited ${duration(waitedMs)} for ${relation}  ${mode}`));
    const { error } = measured;
    if (error) {
      const state = error.sqlState ? ` (SQLSTATE ${error.sqlState})` : '';
      lines.push(`      ${style.bad(redactText(error.message))}${state}`);
      if (error.detail) lines.push(`      ${redactText(error.detail)}`);
    }
  }
  return lines;
}

function asJson({ migration, run }: Done) {
  const { name, file, tool, dialect, environment, database, server, dryRun, statements } = migration;
  return {
    name,
    file,
    tool,
    dialect,
    environment,
    database,
    server,
    dryRun,
    outcome: run.outcome,
    durationMs: run.durationMs,
    statements: run.statements.map((measured, i) => ({
      index: i,
      line: statements[i]?.line,
      kind: statements[i]?.kind,
      ...measured,
      ...(measured.error
        ? {
            error: {
              ...measured.error,
              message: redactText(measured.error.message),
              ...(measured.error.detail ? { detail: redactText(measured.error.detail) } : {}),
            },
          }
        : {}),
    })),
  };
}
