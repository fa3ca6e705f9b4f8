/** What the shadow said, laid over what analysis says; without the findings that comments ask to ignore. */
import { groupBy } from '../numbers.ts';
import type { Predictor } from '../predict/predictor.ts';
import type { StatementRun } from '../shadow/shadow.ts';
import type { Statement } from '../sql/statement.ts';
import type { Lines } from '../sql/text.ts';
import type { AnalysedFile, AnalysedStatement, FileToCheck, RunOf } from './analysed.ts';
import { applyIgnores, ignoresIn } from './ignores.ts';
import { spanOf, wordAt } from './place.ts';
import { railsFix } from './rails-fix.ts';
import type { CheckedFile, CheckedStatement, CheckFinding, Severity } from './result.ts';

/**
 * @param given how its statements went in the shadow
 * @param predictor says how they will go
 * @param severities by rule: another severity, or off
 */
export function concluded(
  { file, statements, lines }: AnalysedFile,
  given: RunOf,
  predictor: Predictor,
  severities: Readonly<Record<string, Severity | 'off'>> | undefined,
): CheckedFile {
  // COPY needs its rows, which a shadow does not get.
  const copies = new Set(
    statements.flatMap(({ statement }) => (statement.kind === 'Copy' ? statement.start : [])),
  );
  const runOf: RunOf = (start) => (copies.has(start) ? undefined : given(start));
  const isOff = (rule: string) => severities?.[rule] === 'off';
  const ran = statements.some(({ statement }) => runOf(statement.start) !== undefined);
  const all = statements.flatMap(({ statement, findings, syntaxError }) => {
    const failure = syntaxError ? undefined : shadowFinding(statement, runOf(statement.start), file, lines);
    return [...findings, ...(failure && !isOff(failure.rule) ? [failure] : [])].map((finding) => ({
      finding,
      statement: statement.index,
    }));
  });
  const ignores = ignoresIn(
    file.script ? file.text : (file.source ?? file.text),
    file.dialect,
    statements.map(({ statement }) => statement),
    lines,
  );
  const placed = [...ofFile(file).map((finding) => ({ finding, statement: undefined })), ...all];
  const left = applyIgnores(placed, ignores, (rule) => isOff(rule) || (rule === 'fails-in-shadow' && !ran));
  const place = file.script ? onItsLine(file) : (finding: CheckFinding) => finding;
  const kept = left.kept.map((one) => ({ ...one, finding: place(one.finding) }));
  const about = left.about.map(place);
  const findings = [
    ...kept.filter(({ statement }) => statement === undefined).map(({ finding }) => finding),
    ...about,
  ];
  const byStatement = groupBy(kept, ({ statement }) => statement);
  return {
    path: file.path,
    statements: statements.map((one) =>
      checkedStatement(
        one,
        (byStatement.get(one.statement.index) ?? []).map(({ finding }) => finding),
        runOf(one.statement.start),
        predictor,
      ),
    ),
    ...(findings.length > 0 ? { findings } : {}),
  };
}

/** Puts a finding in the SQL of a script on the whole of its line there, with its fix in the script’s language where there is one. */
function onItsLine({ path, source = '' }: FileToCheck): (finding: CheckFinding) => CheckFinding {
  const lines = source.split('\n');
  const isRuby = path.endsWith('.rb');
  return (finding) => {
    const text = (lines[finding.line - 1] ?? '').trimEnd();
    const column = text.length - text.trimStart().length + 1;
    const fix = isRuby && finding.fix !== undefined ? railsFix(finding.rule, text) : undefined;
    return {
      ...finding,
      column,
      endColumn: Math.max(text.length, column) + 1,
      ...(fix === undefined ? {} : { fix }),
    };
  };
}

/** What is wrong with the file as such, and parts of it that are not known. */
function ofFile({ problem, unanalysed = [] }: FileToCheck): CheckFinding[] {
  const unknown = unanalysed.map(
    ({ line, reason }): CheckFinding => ({
      rule: 'not-analysed',
      severity: 'info',
      message: `Not analysed: ${reason}.`,
      line,
      column: 1,
      endColumn: 2,
    }),
  );
  if (!problem) return unknown;
  const severity = problem.rule === 'encoding' ? 'warning' : 'error';
  return [{ ...problem, severity, line: 1, column: 1, endColumn: 2 }, ...unknown];
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
