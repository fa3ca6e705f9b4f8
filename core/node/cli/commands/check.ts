/** `aibos check PATH…`: what each statement will do, and what is wrong with it. */
import { type CheckResult, checkFiles } from '../../../check/check.ts';
import type { Dialect } from '../../../contract/event.ts';
import { duration, percent, plural } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { loadParsers, parseSql } from '../../../sql/parse.ts';
import { type CollectedFile, collect } from '../../check/collect.ts';
import { ShadowProcess } from '../../shadow/process.ts';
import type { GlobalOptions } from '../context.ts';
import { EXIT, print, terminalStyle } from '../output.ts';

export interface CheckOptions extends GlobalOptions {
  dialect?: Dialect;
  history?: string;
}

export async function checkCommand(paths: string[], options: CheckOptions): Promise<number> {
  await loadParsers();
  const files = await collect(paths, options);
  await runInShadow(files);
  const result = checkFiles(files);
  if (options.format === 'json') print(JSON.stringify(result));
  else print(checkText(result, terminalStyle()));
  const errors = result.files.some(({ statements }) =>
    statements.some(({ findings }) => findings.some(({ severity }) => severity === 'error')),
  );
  return errors ? EXIT.found : EXIT.done;
}

/** Runs the files of one dialect in order and keeps how each went. */
async function runInShadow(files: CollectedFile[]): Promise<void> {
  for (const dialect of ['postgres', 'sqlite'] as const) {
    const mine = files.filter((file) => file.dialect === dialect);
    if (mine.length === 0) continue;
    const shadow = await ShadowProcess.start(dialect);
    try {
      for (const file of mine) {
        const { statements } = parseSql(file.text, dialect);
        file.run = await shadow.run({
          name: file.path,
          wrapping: file.format.wrapping(file.text),
          statements,
        });
      }
    } finally {
      await shadow.close();
    }
  }
}

function checkText({ files }: CheckResult, style: Style): string {
  const lines: string[] = [];
  let findings = 0;
  let statements = 0;
  for (const file of files) {
    statements += file.statements.length;
    for (const statement of file.statements) {
      findings += statement.findings.length;
      for (const { rule, severity, message, fix } of statement.findings) {
        const mark = severity === 'error' ? style.bad('error') : style.warn(severity);
        lines.push(`${file.path}:${statement.line}  ${mark}  ${message} ${style.dim(rule)}`);
        if (fix) lines.push(style.dim(`    ${fix}`));
        const locks = statement.locks.map(({ relation, mode }) => `${mode} on ${relation}`).join(', ');
        const { p10, p50, p90 } = statement.durationMs;
        const time = `about ${duration(p50)} (${duration(p10)} to ${duration(p90)})`;
        lines.push(
          style.dim(
            `    ${locks || 'no lock on an existing table'}; ${time}; ${percent(statement.failureProbability)} may fail`,
          ),
        );
      }
    }
  }
  lines.push(
    `${plural(files.length, 'file')}, ${plural(statements, 'statement')}, ${plural(findings, 'finding')}.`,
  );
  return lines.join('\n');
}
