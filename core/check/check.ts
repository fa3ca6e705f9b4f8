/**
 * `aibos check`: what each statement of some files will do, judged on the schema that exists at that point. Analysis
 * alone is fast; what a shadow run says is laid over it afterwards, so that the two can go on side by side.
 */
import type { Node } from 'libpg-query';
import type { Dialect } from '../contract/event.ts';
import type { Catalogue } from '../effects/catalogue.ts';
import { type Analyser, makeAnalyser } from '../effects/effects.ts';
import { factsOf } from '../predict/facts.ts';
import { Predictor } from '../predict/predictor.ts';
import { TableKnowledge } from '../predict/table-knowledge.ts';
import { parseSql } from '../sql/parse.ts';
import type { Statement, SyntaxProblem } from '../sql/statement.ts';
import { Lines } from '../sql/text.ts';
import type { StatisticsIndex } from '../statistics/statistics.ts';
import type { AnalysedFile, AnalysedStatement, FileToCheck, RunOf } from './analysed.ts';
import { concluded } from './conclude.ts';
import { MigrationState } from './migration-state.ts';
import { watchNames } from './names.ts';
import { wordAt } from './place.ts';
import type { CheckedFile, CheckResult, Severity } from './result.ts';
import type { RuleContext } from './rule.ts';
import { effectsOfCommand, RuleFindings } from './rule-findings.ts';
import { UNKNOWN_RUNNER } from './runner.ts';
import { Tables } from './tables.ts';

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

/** Judges the files of one history, one after the other. Never throws. */
export class Checker {
  readonly #options: CheckOptions;
  readonly #rules: RuleFindings;
  readonly #analysers = new Map<Dialect, Analyser>();
  readonly #predictor: Predictor;
  #last: AnalysedStatement | undefined;

  constructor(options: CheckOptions = {}) {
    this.#options = options;
    this.#predictor = options.predictor ?? new Predictor();
    this.#rules = new RuleFindings(options.severities);
  }

  /** Builds up the schema without judging, by all statements or by some of them. */
  apply(file: FileToCheck, isWanted: (index: number) => boolean = () => true): void {
    const analyser = this.#analyser(file.dialect);
    for (const statement of parseSql(file.text, file.dialect).statements)
      if (isWanted(statement.index)) analyser.apply(statement);
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

  /** Nobody goes back to an earlier mark any more; what was kept for it goes. */
  settle(): void {
    for (const analyser of this.#analysers.values()) analyser.settle();
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
  conclude(analysed: AnalysedFile, given: RunOf = () => undefined, predictor = this.#predictor): CheckedFile {
    return concluded(analysed, given, predictor, this.#options.severities);
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
    const { findings, fails } = this.#rules.of(context, lines);
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
