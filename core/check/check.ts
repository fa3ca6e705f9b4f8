/**
 * `aibos check`: what each statement of some files will do, judged on the schema that exists at that point. Analysis
 * alone is fast; what a shadow run says is laid over it afterwards, so that the two can go on side by side.
 */
import type { Node } from 'libpg-query';
import type { Dialect } from '../contract/event.ts';
import type { Catalogue } from '../effects/catalogue.ts';
import { type Analyser, makeAnalyser, noEffects, type StatementEffects } from '../effects/effects.ts';
import { factsOf, type StatementFacts } from '../predict/facts.ts';
import { Predictor } from '../predict/predictor.ts';
import { TableKnowledge } from '../predict/table-knowledge.ts';
import type { StatementRun } from '../shadow/shadow.ts';
import { parseSql } from '../sql/parse.ts';
import type { Statement, SyntaxProblem } from '../sql/statement.ts';
import { Lines } from '../sql/text.ts';
import type { StatisticsIndex } from '../statistics/statistics.ts';
import { applyIgnores, ignoresIn } from './ignores.ts';
import { MigrationState } from './migration-state.ts';
import { watchNames } from './names.ts';
import { spanOf, wordAt } from './place.ts';
import type { CheckedFile, CheckedStatement, CheckFinding, CheckResult, Severity } from './result.ts';
import { rewriteOf } from './rewrite/whole.ts';
import type { Rule, RuleContext, RuleFinding } from './rule.ts';
import { RULES } from './rules/all.ts';
import { type Runner, UNKNOWN_RUNNER } from './runner.ts';
import { Tables } from './tables.ts';
import { as } from './tree.ts';

/** A file to judge, or one that is already applied and only builds up the schema. */
export interface FileToCheck {
  path: string;
  /** What goes up; same length and lines as `source`. */
  text: string;
  /** The whole file, where `text` is only a part of it: ignore comments count anywhere in it. */
  source?: string;
  dialect: Dialect;
  applied: boolean;
  runner?: Runner;
  /** What is wrong with the file as such. */
  problem?: { rule: 'file-unreadable' | 'encoding'; message: string };
  /** Parts of a script that are not known without running it; lines from 1. */
  unanalysed?: readonly { line: number; reason: string }[];
}

export interface CheckOptions {
  /** Major version of the server. */
  serverVersion?: number;
  statistics?: StatisticsIndex;
  /** By rule: another severity, or off; a severity switches on a rule that is off by default. */
  severities?: Readonly<Record<string, Severity | 'off'>>;
  /** What says how a statement will go; the shipped prior alone where absent. */
  predictor?: Predictor;
}

/** The newest PostgreSQL whose locks the analyser knows. */
const NEWEST_SERVER = 18;

/** A statement as far as it can be judged without running it. */
interface AnalysedStatement {
  statement: Statement;
  effects: StatementEffects;
  facts: StatementFacts;
  syntaxError: boolean;
  fails: boolean;
  findings: CheckFinding[];
}

/** How the statement that begins at an offset of its file went in the shadow; undefined where nobody knows. */
export type RunOf = (start: number) => StatementRun | undefined;

export interface AnalysedFile {
  file: FileToCheck;
  statements: AnalysedStatement[];
  lines: Lines;
}

/** Judges the files of one history, one after the other. Never throws. */
export class Checker {
  readonly #options: CheckOptions;
  readonly #rules: readonly Rule[];
  readonly #analysers = new Map<Dialect, Analyser>();
  readonly #predictor: Predictor;
  #last: AnalysedStatement | undefined;

  constructor(options: CheckOptions = {}) {
    this.#options = options;
    this.#predictor = options.predictor ?? new Predictor();
    this.#rules = RULES.filter(({ id, off }) => {
      const wanted = options.severities?.[id];
      return wanted === undefined ? !off : wanted !== 'off';
    });
  }

  /** Builds up the schema without judging. */
  apply(file: FileToCheck): void {
    const analyser = this.#analyser(file.dialect);
    for (const statement of parseSql(file.text, file.dialect).statements) analyser.apply(statement);
  }

  /** A way back: called, however often, it takes the schema to where it is now. Going back ends later marks. */
  mark(): () => void {
    const ways = new Map([...this.#analysers].map(([dialect, analyser]) => [dialect, analyser.mark()]));
    return () => {
      this.#last = undefined;
      for (const dialect of [...this.#analysers.keys()])
        if (!ways.has(dialect)) this.#analysers.delete(dialect);
      for (const back of ways.values()) back();
    };
  }

  /** The schema so far, as statements of a dialect see it. */
  catalogue(dialect: Dialect): Catalogue {
    return this.#analyser(dialect).catalogue;
  }

  /** Judges a file on the schema so far, and moves the schema on. */
  analyse(file: FileToCheck): AnalysedFile {
    const { statements, problems } = parseSql(file.text, file.dialect);
    const lines = new Lines(file.text);
    const state = new MigrationState(file.runner ?? UNKNOWN_RUNNER, statements);
    const knowledge = new TableKnowledge(this.#options.statistics);
    const analysed = statements.map((statement) =>
      this.#statement(file, statement, { state, knowledge }, problems, lines),
    );
    return { file, statements: analysed, lines };
  }

  /**
   * Lays what the shadow said, where it ran the file, over what the analysis said.
   *
   * @param predictor says how it will go, where that is not the one of the options
   */
  conclude(
    { file, statements, lines }: AnalysedFile,
    given: RunOf = () => undefined,
    predictor = this.#predictor,
  ): CheckedFile {
    // COPY needs its rows, which a shadow does not get.
    const copies = new Set(
      statements.flatMap(({ statement }) => (statement.kind === 'Copy' ? statement.start : [])),
    );
    const runOf: RunOf = (start) => (copies.has(start) ? undefined : given(start));
    const isOff = (rule: string) => this.#options.severities?.[rule] === 'off';
    const ran = statements.some(({ statement }) => runOf(statement.start) !== undefined);
    const all = statements.flatMap(({ statement, findings, syntaxError }) => {
      const failure = syntaxError ? undefined : shadowFinding(statement, runOf(statement.start), file, lines);
      return [...findings, ...(failure && !isOff(failure.rule) ? [failure] : [])].map((finding) => ({
        finding,
        statement: statement.index,
      }));
    });
    const unknown = (file.unanalysed ?? []).map(
      ({ line, reason }): CheckFinding => ({
        rule: 'not-analysed',
        severity: 'info',
        message: `Not analysed: ${reason}.`,
        line,
        column: 1,
        endColumn: 2,
      }),
    );
    const own: CheckFinding[] = file.problem
      ? [
          {
            ...file.problem,
            severity: file.problem.rule === 'encoding' ? 'warning' : 'error',
            line: 1,
            column: 1,
            endColumn: 2,
          },
        ]
      : [];
    const ignores = ignoresIn(
      file.source ?? file.text,
      file.dialect,
      statements.map(({ statement }) => statement),
      lines,
    );
    const placed = [...[...own, ...unknown].map((finding) => ({ finding, statement: undefined })), ...all];
    const { kept, about } = applyIgnores(
      placed,
      ignores,
      (rule) => isOff(rule) || (rule === 'fails-in-shadow' && !ran),
    );
    const findings = [
      ...kept.filter(({ statement }) => statement === undefined).map(({ finding }) => finding),
      ...about,
    ];
    const byStatement = new Map<number, CheckFinding[]>();
    for (const { statement, finding } of kept) {
      if (statement === undefined) continue;
      const list = byStatement.get(statement);
      if (list) list.push(finding);
      else byStatement.set(statement, [finding]);
    }
    return {
      path: file.path,
      statements: statements.map((one) =>
        checkedStatement(
          one,
          byStatement.get(one.statement.index) ?? [],
          runOf(one.statement.start),
          predictor,
        ),
      ),
      ...(findings.length > 0 ? { findings } : {}),
    };
  }

  #analyser(dialect: Dialect): Analyser {
    const known = this.#analysers.get(dialect);
    if (known) return known;
    const { serverVersion, statistics } = this.#options;
    const made = makeAnalyser(dialect, {
      ...(serverVersion === undefined || dialect === 'mysql' ? {} : { serverVersion }),
      ...(dialect === 'mysql' ? serverOf(statistics) : {}),
      ...(statistics ? { hasRows: (relation) => hasRows(statistics, relation) } : {}),
    });
    this.#analysers.set(dialect, made);
    return made;
  }

  #statement(
    file: FileToCheck,
    statement: Statement,
    { state, knowledge }: { state: MigrationState; knowledge: TableKnowledge },
    problems: readonly SyntaxProblem[],
    lines: Lines,
  ): AnalysedStatement {
    const analyser = this.#analyser(file.dialect);
    const last = this.#last;
    // One of thousands of INSERTs of one form, which share their tree.
    if (
      last?.statement.tree !== undefined &&
      last.statement.tree === statement.tree &&
      last.findings.length === 0
    )
      return { ...last, statement };
    const effects = analyser.analyse(statement);
    const tables = new Tables(this.#options.statistics, state.made);
    const context: RuleContext = {
      statement,
      tree: statement.tree as Node | undefined,
      effects,
      effectsOfCommand: (index) => effectsOfCommand(analyser, statement, effects, index),
      catalogue: analyser.catalogue,
      dialect: file.dialect,
      serverVersion: this.#options.serverVersion ?? NEWEST_SERVER,
      tables,
      migration: state,
    };
    const { findings, fails } = this.#findings(context, lines);
    const problem = problems.find(({ position }) => position >= statement.start && position <= statement.end);
    if (problem && this.#options.severities?.['syntax-error'] !== 'off') {
      const place = wordAt(file.text, problem.position, lines);
      findings.push({ rule: 'syntax-error', severity: 'error', message: problem.message, ...place });
    }
    const { dialect } = file;
    const facts = factsOf(
      {
        statement,
        effects,
        catalogue: analyser.catalogue,
        dialect,
        serverVersion: context.serverVersion,
        knowledge,
      },
      state.inTransaction,
    );
    const names = watchNames(statement, analyser.catalogue);
    knowledge.advance(statement, analyser.catalogue);
    analyser.apply(statement);
    state.advance(statement, effects, analyser.catalogue, names());
    this.#last = { statement, effects, facts, syntaxError: problem !== undefined, fails, findings };
    return this.#last;
  }

  #findings(context: RuleContext, lines: Lines): { findings: CheckFinding[]; fails: boolean } {
    const found: { rule: Rule; finding: RuleFinding }[] = [];
    for (const rule of this.#rules) {
      if (rule.lastWord && context.migration.saidOnce.has(rule.id)) continue;
      try {
        for (const finding of rule.check(context)) found.push({ rule, finding });
      } catch (error) {
        const message = `The rule ${rule.id} could not judge this statement: ${error instanceof Error ? error.message : String(error)}`;
        found.push({ rule: { ...rule, id: 'rule-broken', severity: 'info' }, finding: { message } });
      }
    }
    const last = found.filter(({ rule }) => rule.lastWord);
    if (last.length < found.length) for (const one of last) found.splice(found.indexOf(one), 1);
    else for (const { rule } of last) context.migration.saidOnce.add(rule.id);
    const fix =
      found.length === 0
        ? undefined
        : fixOf(
            context,
            found.map(({ finding }) => finding),
          );
    const findings = found.map(
      ({ rule, finding }): CheckFinding => ({
        rule: rule.id,
        severity: this.#severity(rule, finding, context.tables),
        message: finding.message,
        ...(fix !== undefined && finding.rewrite ? { fix } : {}),
        ...spanOf(context.statement, finding.mark, lines, context.dialect),
        ...(finding.relation === undefined ? {} : { relation: finding.relation }),
      }),
    );
    return { findings, fails: found.some(({ finding }) => finding.fails) };
  }

  /** What was asked for, else what the rule says, lowered or raised by the size of the table. */
  #severity(rule: Rule, { severity, relation }: RuleFinding, tables: Tables): Severity {
    const wanted = this.#options.severities?.[rule.id];
    if (wanted !== undefined && wanted !== 'off') return wanted;
    const own = severity ?? rule.severity;
    if (!rule.bySize || relation === undefined) return own;
    if (tables.isTiny(relation)) return 'info';
    return tables.isLarge(relation) && own === 'warning' ? 'error' : own;
  }
}

/** Files in the order in which they run, by analysis alone. */
export function checkFiles(files: readonly FileToCheck[], options: CheckOptions = {}): CheckResult {
  const checker = new Checker(options);
  const checked: CheckedFile[] = [];
  for (const file of files) {
    if (file.applied) checker.apply(file);
    else checked.push(checker.conclude(checker.analyse(file)));
  }
  return { version: 1, files: checked };
}

function hasRows(statistics: StatisticsIndex, relation: string): boolean | undefined {
  const table = statistics.table(relation);
  return table === undefined ? undefined : table.rows > 0;
}

/** Each command of an ALTER TABLE judged as if it stood alone: its tree and operations, cut down to it. */
function effectsOfCommand(
  analyser: Analyser,
  statement: Statement,
  effects: StatementEffects,
  index: number,
): StatementEffects {
  const alter = as(statement.tree as Node | undefined, 'AlterTableStmt');
  const cmd = alter?.cmds?.[index];
  if (!alter || !cmd) return noEffects();
  if (alter.cmds?.length === 1) return effects;
  return analyser.analyse({
    ...statement,
    tree: { AlterTableStmt: { ...alter, cmds: [cmd] } },
    operations: statement.operations.slice(index, index + 1),
  });
}

/** A fix must never be the reason that a finding is lost, and one that does not parse is none. */
function fixOf(context: RuleContext, findings: readonly RuleFinding[]): string | undefined {
  try {
    const fix = rewriteOf(context, findings);
    return fix !== undefined && parseSql(fix, context.dialect).problems.length === 0 ? fix : undefined;
  } catch {
    return undefined;
  }
}

function shadowFinding(
  statement: Statement,
  run: StatementRun | undefined,
  file: FileToCheck,
  lines: Lines,
): CheckFinding | undefined {
  const error = run?.error;
  if (!error) return undefined;
  const state = error.sqlState ? ` (SQLSTATE ${error.sqlState})` : '';
  const place =
    error.position === undefined
      ? spanOf(statement, undefined, lines, file.dialect)
      : wordAt(file.text, error.position, lines);
  return { rule: 'fails-in-shadow', severity: 'error', message: `${error.message}${state}`, ...place };
}

function checkedStatement(
  { statement, effects, facts, syntaxError, fails }: AnalysedStatement,
  findings: CheckFinding[],
  run: StatementRun | undefined,
  predictor: Predictor,
): CheckedStatement {
  const { failureProbability, durationMs, basis, reasons, abstained } = predictor.predict(
    facts,
    { syntaxError, fails, ...(effects.fails === undefined ? {} : { schemaSays: effects.fails }) },
    run,
  );
  const sentences = (consequences: { message: string }[]) => consequences.map(({ message }) => message);
  const optional = {
    dataLoss: sentences(effects.dataLoss),
    incompatible: sentences(effects.incompatible),
    irreversible: sentences(effects.irreversible),
    failsIf: sentences(effects.dataDependent),
  };
  return {
    index: statement.index,
    line: statement.line,
    endLine: statement.endLine,
    kind: statement.kind,
    operations: statement.operations.map(({ name }) => name),
    objects: [...new Set(statement.operations.flatMap(({ objects }) => objects))],
    locks: effects.locks,
    rewrites: effects.rewrites,
    scans: effects.scans,
    blocks: effects.blocks,
    findings,
    failureProbability,
    durationMs,
    basis,
    ...(reasons.length > 0 ? { reasons } : {}),
    ...(abstained ? { abstained: true as const } : {}),
    ...Object.fromEntries(Object.entries(optional).filter(([, list]) => list.length > 0)),
    ...(effects.noTransaction === undefined ? {} : { noTransaction: effects.noTransaction }),
    ...(effects.unanalysed === undefined ? {} : { unanalysed: effects.unanalysed }),
  };
}

/** Which of both servers statistics of the dialect `mysql` come from, and its version. */
function serverOf(statistics: StatisticsIndex | undefined): {
  product?: 'mysql' | 'mariadb';
  serverVersion?: number;
} {
  if (statistics?.file.dialect !== 'mysql') return {};
  const { serverVersion } = statistics.file;
  const version = Number(/^\d+\.\d+/.exec(serverVersion)?.[0]);
  return {
    product: /mariadb/i.test(serverVersion) ? 'mariadb' : 'mysql',
    ...(Number.isNaN(version) ? {} : { serverVersion: version }),
  };
}
