/** `aibos check PATH…`: what each statement will do, and what is wrong with it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isFailed, parseFailOn } from '../../../check/fail-on.ts';
import { toGithub } from '../../../check/output/github.ts';
import { toJunit } from '../../../check/output/junit.ts';
import { toSarif } from '../../../check/output/sarif.ts';
import { checkText } from '../../../check/output/text.ts';
import type { CheckFinding, CheckResult, Severity } from '../../../check/result.ts';
import { rulesText, ruleText } from '../../../check/rule-docs.ts';
import { RULES } from '../../../check/rules/all.ts';
import { TelemetryError } from '../../../contract/errors.ts';
import type { Dialect } from '../../../contract/event.ts';
import { checkSeverities } from '../../../governance/manifest.ts';
import type { Wrapping } from '../../../migrations/formats.ts';
import { readStatistics } from '../../../statistics/read.ts';
import { StatisticsIndex } from '../../../statistics/statistics.ts';
import { type CollectedFile, collect } from '../../check/collect.ts';
import { checkCollected } from '../../check/run.ts';
import { findManifest } from '../../governance/find-manifest.ts';
import { VERSION } from '../../version.ts';
import { EXIT, print, terminalStyle } from '../output.ts';

export type CheckFormat = 'text' | 'json' | 'sarif' | 'github' | 'junit';

export interface CheckCommandOptions {
  dataDir?: string;
  format: CheckFormat;
  dialect?: Dialect;
  pgVersion?: number;
  history?: string;
  stats?: string;
  failOn?: string;
  rule?: Record<string, Severity | 'off'>;
  transaction?: Wrapping;
  shadow?: boolean;
  cache?: boolean;
  rules?: boolean;
  explain?: string;
}

export async function checkCommand(paths: string[], options: CheckCommandOptions): Promise<number> {
  if (options.rules) {
    print(options.format === 'json' ? JSON.stringify(RULES.map(described), null, 2) : rulesText());
    return EXIT.done;
  }
  if (options.explain !== undefined) {
    const text = ruleText(options.explain);
    if (text === undefined)
      throw new TelemetryError(
        'not-found',
        `There is no rule “${options.explain}”; “aibos check --rules” lists them.`,
      );
    print(text);
    return EXIT.done;
  }
  if (paths.length === 0)
    throw new TelemetryError(
      'invalid-request',
      'Name the files or folders to check, or - for standard input.',
    );
  const failOn = parseFailOn(options.failOn ?? 'error');
  const statistics = options.stats === undefined ? undefined : statisticsIn(options.stats);
  const files = await collect(paths, options);
  const serverVersion = options.pgVersion ?? versionOf(statistics);
  const { result, problems } = await checkCollected(files, {
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    ...(serverVersion === undefined ? {} : { serverVersion }),
    ...(statistics === undefined ? {} : { statistics }),
    severities: { ...manifestSeverities(paths), ...options.rule },
    shadow: options.shadow ?? true,
    cache: options.cache ?? true,
  });
  for (const problem of problems) process.stderr.write(`aibos: ${problem}\n`);
  print(formatted(result, files, options, failOn));
  return isFailed(result, failOn) ? EXIT.found : EXIT.done;
}

function formatted(
  result: CheckResult,
  files: readonly CollectedFile[],
  { format }: CheckCommandOptions,
  failOn: ReturnType<typeof parseFailOn>,
): string {
  switch (format) {
    case 'json':
      return JSON.stringify(result);
    case 'sarif':
      return JSON.stringify(toSarif(result, VERSION), null, 2);
    case 'github':
      return toGithub(result);
    case 'junit':
      return toJunit(result, (finding) => isFailed(alone(finding), failOn));
    case 'text': {
      const texts = new Map(files.map(({ path, source = '' }) => [path, source]));
      const split = new Map<string, string[]>();
      const linesOf = (path: string) => {
        const known = split.get(path) ?? texts.get(path)?.split('\n');
        if (known) split.set(path, known);
        return known;
      };
      return checkText(result, { style: terminalStyle(), linesOf });
    }
  }
}

/** A result of one finding, to ask whether it alone would fail the check. */
function alone(finding: CheckFinding): CheckResult {
  return { version: 1, files: [{ path: '', statements: [], findings: [finding] }] };
}

function described({ id, severity, off, title, why, whatToDo, links }: (typeof RULES)[number]) {
  return { id, severity: off ? 'off' : severity, title, why, whatToDo, links };
}

function statisticsIn(path: string): StatisticsIndex {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TelemetryError('not-found', `The statistics ${path} cannot be read.`, { cause });
  }
  return new StatisticsIndex(readStatistics(text, path));
}

/** Severities that the nearest manifest names; a manifest that cannot be used is said and does not stop the check. */
function manifestSeverities(paths: readonly string[]) {
  try {
    const first = paths[0] === undefined || paths[0] === '-' ? '.' : paths[0];
    return checkSeverities(findManifest(dirname(resolve(first, '_'))).manifest);
  } catch (error) {
    process.stderr.write(`aibos: ${error instanceof Error ? error.message : error}\n`);
    return {};
  }
}

function versionOf(statistics: StatisticsIndex | undefined): number | undefined {
  if (statistics?.file.dialect !== 'postgres') return undefined;
  const major = Number.parseInt(statistics.file.serverVersion, 10);
  return Number.isInteger(major) ? major : undefined;
}
