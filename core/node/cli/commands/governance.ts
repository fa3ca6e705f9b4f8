/** `aibos governance check PATH…`: whether migrations keep to the team's manifest. */
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TelemetryError } from '../../../contract/errors.ts';
import type { Dialect, EventInput } from '../../../contract/event.ts';
import { plural } from '../../../report/format.ts';
import type { Style } from '../../../report/summary-text.ts';
import { collect } from '../../check/collect.ts';
import { type EvaluatedFile, evaluateFiles } from '../../governance/evaluate-files.ts';
import { type FoundManifest, findManifest } from '../../governance/find-manifest.ts';
import { workspaceOf } from '../../import/import-repository.ts';
import { nodePlatform } from '../../platform.ts';
import { type GlobalOptions, withClient } from '../context.ts';
import { EXIT, print, printJson, terminalStyle } from '../output.ts';

export interface GovernanceOptions extends GlobalOptions {
  manifest?: string;
  history?: string;
  dialect?: Dialect;
  at?: string;
  record?: boolean;
}

/** @returns 1 where a file fails; each file leaves a `compliance_check` event */
export async function governanceCheckCommand(paths: string[], options: GovernanceOptions): Promise<number> {
  const at = options.at === undefined ? nodePlatform.now() : Date.parse(options.at);
  if (Number.isNaN(at)) {
    throw new TelemetryError('invalid-request', `--at ${options.at} is no time; write 2026-12-24T18:00:00Z.`);
  }
  const root = folderOf(paths[0] ?? '.');
  const found = findManifest(root, options.manifest);
  const files = await collect(paths, options);
  const evaluated = await evaluateFiles(files, found.manifest, at);
  if (options.record !== false)
    await record(evaluated, workspaceOf(found.path ? dirname(found.path) : root), options);
  if (options.format === 'json') printJson(asJson(evaluated, found, at));
  else print(asText(evaluated, found, terminalStyle()));
  return evaluated.some(({ result }) => result === 'fail') ? EXIT.found : EXIT.done;
}

function folderOf(path: string): string {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? real : dirname(real);
  } catch {
    throw new TelemetryError('not-found', `There is no file or folder ${path}.`);
  }
}

async function record(
  evaluated: readonly EvaluatedFile[],
  workspace: string,
  options: GovernanceOptions,
): Promise<void> {
  const events = evaluated.map(
    ({ data }): EventInput => ({
      type: 'compliance_check',
      source: 'engine:manifest-governance',
      metadata: { workspace },
      data,
    }),
  );
  const BATCH = 1_000;
  if (events.length === 0) return;
  await withClient(options, async (client) => {
    for (let from = 0; from < events.length; from += BATCH) {
      await client.call('events.record', { events: events.slice(from, from + BATCH) });
    }
  });
}

function asJson(evaluated: readonly EvaluatedFile[], { path }: FoundManifest, at: number) {
  const results = evaluated.map(({ result }) => result);
  return {
    version: 1,
    manifest: path ?? null,
    at: new Date(at).toISOString(),
    result: results.includes('fail') ? 'fail' : results.includes('warn') ? 'warn' : 'pass',
    files: evaluated.map(({ path: file, migration, result, findings, notEvaluated }) => ({
      path: file,
      migration,
      result,
      findings,
      ...(notEvaluated === undefined ? {} : { notEvaluated }),
    })),
  };
}

function asText(evaluated: readonly EvaluatedFile[], { path }: FoundManifest, style: Style): string {
  const lines = evaluated.flatMap((file) => [
    ...file.findings.map(({ rule, result, message, line }) => {
      const mark = result === 'fail' ? style.bad('fail') : style.warn('warn');
      return `${file.path}${line === undefined ? '' : `:${line}`}  ${mark}  ${message} ${style.dim(rule)}`;
    }),
    ...(file.notEvaluated === undefined ? [] : [style.dim(`${file.path}  ${file.notEvaluated}`)]),
  ]);
  const count = (result: string) => evaluated.filter((file) => file.result === result).length;
  return [
    ...lines,
    `${plural(evaluated.length, 'file')} by ${path ?? 'the default rules (there is no aibos.manifest.json)'}: ${count('pass')} pass, ${count('warn')} with warnings, ${count('fail')} fail.`,
  ].join('\n');
}
