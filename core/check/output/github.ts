/**
 * Workflow commands of GitHub Actions, which become annotations in the changed files (docs.github.com, “Workflow
 * commands for GitHub Actions”).
 */
import { type CheckResult, findingsOf, type Severity } from '../result.ts';

const COMMAND: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

export function toGithub({ files }: CheckResult): string {
  return files
    .flatMap((file) =>
      findingsOf(file).map(({ severity, message, fix, line, column, endColumn, rule }) => {
        const text = fix === undefined ? message : `${message}\n\nDo this instead:\n\n${fix}`;
        const properties = {
          file: file.path.replaceAll('\\', '/'),
          line: String(line),
          endLine: String(line),
          col: String(column),
          endColumn: String(Math.max(column, endColumn - 1)),
          title: `aibos ${rule}`,
        };
        const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
        return `::${COMMAND[severity]} ${listed.join(',')}::${data(text)}`;
      }),
    )
    .join('\n');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
