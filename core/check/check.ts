/** `aibos check`: what each statement of some files will do, judged on the schema that exists at that point. */
import type { Dialect } from '../contract/event.ts';
import { type Analyser, makeAnalyser, type TableLock } from '../effects/effects.ts';
import type { MigrationRun } from '../shadow/shadow.ts';
import type { Operation } from '../sql/operations.ts';
import { parseSql } from '../sql/parse.ts';
import type { Statement } from '../sql/statement.ts';

export interface CheckFinding {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  fix?: string;
}

export interface CheckedStatement {
  index: number;
  line: number;
  endLine: number;
  kind: string;
  operations: string[];
  locks: TableLock[];
  rewrites: string[];
  findings: CheckFinding[];
  failureProbability: number;
  durationMs: { p10: number; p50: number; p90: number };
  basis: ('rules' | 'shadow' | 'prior' | 'outcomes')[];
  unanalysed?: string;
}

export interface CheckedFile {
  path: string;
  statements: CheckedStatement[];
}

export interface CheckResult {
  version: 1;
  files: CheckedFile[];
}

/** A file to judge, or one that is already applied and only builds up the schema. */
export interface FileToCheck {
  path: string;
  text: string;
  dialect: Dialect;
  applied: boolean;
  /** How it went in the shadow, where it could be run. */
  run?: MigrationRun;
}

/**
 * Chance that a statement fails, by what the shadow said. Until models trained on outcomes take over these are fixed
 * guesses, on either side of certain because a shadow has no rows.
 */
const AFTER_SHADOW = { failed: 0.97, succeeded: 0.03, unknown: 0.1 };

/** Files in the order in which they run. Pure; never throws. */
export function checkFiles(files: readonly FileToCheck[]): CheckResult {
  const relations = new Set<string>();
  const analysers = new Map<Dialect, Analyser>();
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const { statements, problems } = parseSql(file.text, file.dialect);
    const before = new Set(relations);
    const analyser = analysers.get(file.dialect) ?? makeAnalyser(file.dialect);
    analysers.set(file.dialect, analyser);
    const judged = statements.map((statement, i) => {
      const problem = problems.find(
        ({ position }) => position >= statement.start && position <= statement.end,
      );
      const result = judge(statement, file.run?.statements[i], analyser, before, problem?.message);
      analyser.apply(statement);
      apply(statement.operations, relations);
      return result;
    });
    if (!file.applied) checked.push({ path: file.path, statements: judged });
  }
  return { version: 1, files: checked };
}

function judge(
  statement: Statement,
  run: MigrationRun['statements'][number] | undefined,
  analyser: Analyser,
  before: ReadonlySet<string>,
  syntaxError: string | undefined,
): CheckedStatement {
  const { operations } = statement;
  const { locks, rewrites, unanalysed } = analyser.analyse(statement);
  const findings = [...findingsOf(operations, before), ...failure(run, syntaxError)];
  const ran = run && run.outcome !== 'skipped';
  const failed = syntaxError !== undefined || run?.outcome === 'failed';
  const ms = run?.durationMs ?? 1;
  return {
    index: statement.index,
    line: statement.line,
    endLine: statement.endLine,
    kind: statement.kind,
    operations: operations.map(({ name }) => name),
    locks,
    rewrites,
    findings,
    failureProbability: failed ? AFTER_SHADOW.failed : ran ? AFTER_SHADOW.succeeded : AFTER_SHADOW.unknown,
    durationMs: { p10: round(ms / 2), p50: round(ms), p90: round(ms * 5) },
    basis: ran ? ['rules', 'shadow'] : ['rules'],
    ...(unanalysed ? { unanalysed } : {}),
  };
}

/** Keeps the set of relations as the statements before left it. */
function apply(operations: readonly Operation[], relations: Set<string>): void {
  for (const { name, objects } of operations) {
    if (/^create_(?:table|partition|view|materialized_view)/.test(name))
      for (const object of objects) relations.add(object);
    if (/^drop_(?:table|view|materialized_view)/.test(name))
      for (const object of objects) relations.delete(object);
  }
}

function findingsOf(operations: readonly Operation[], before: ReadonlySet<string>): CheckFinding[] {
  return operations.flatMap(({ name, objects, destructive }): CheckFinding[] => {
    const [object = ''] = objects;
    if (destructive && before.has(object)) {
      return [
        {
          rule: 'loses-data',
          severity: 'warning',
          message: `${words(name)} ${object}: its data is gone afterwards.`,
        },
      ];
    }
    if ((name === 'create_index' || name === 'create_unique_index') && before.has(object)) {
      return [
        {
          rule: 'index-blocks-writes',
          severity: 'warning',
          message: `Building an index on ${object} blocks writes to it until it is done.`,
          fix: 'Use CREATE INDEX CONCURRENTLY, alone and outside a transaction.',
        },
      ];
    }
    return [];
  });
}

function failure(
  run: MigrationRun['statements'][number] | undefined,
  syntaxError: string | undefined,
): CheckFinding[] {
  const { error } = run ?? {};
  if (error) {
    const state = error.sqlState ? ` (SQLSTATE ${error.sqlState})` : '';
    return [{ rule: 'fails-in-shadow', severity: 'error', message: `${error.message}${state}` }];
  }
  return syntaxError === undefined ? [] : [{ rule: 'syntax-error', severity: 'error', message: syntaxError }];
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
