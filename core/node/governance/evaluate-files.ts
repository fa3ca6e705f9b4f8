/** Judges files by a manifest: runs them in the shadow for what they do to the schema, then asks every rule. */

import { type Evaluation, evaluate } from '../../governance/governance.ts';
import { checkSeverities, type Manifest } from '../../governance/manifest.ts';
import { compareSchemas } from '../../schema/comparator.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot } from '../../schema/snapshot.ts';
import { parseSql } from '../../sql/parse.ts';
import type { CollectedFile } from '../check/collect.ts';
import { checkCollected } from '../check/run.ts';
import { HistoryShadow, shadowDialect } from '../import/history-shadow.ts';
import { loadParsers } from '../parsers.ts';

export interface EvaluatedFinding {
  rule: string;
  result: 'warn' | 'fail';
  message: string;
  object?: string | undefined;
  line?: number | undefined;
}

export interface EvaluatedFile {
  path: string;
  migration: string;
  result: Evaluation['result'];
  findings: EvaluatedFinding[];
  /** Of its `compliance_check` event. */
  data: Evaluation['data'];
  /** Why rules that look at the schema could not be asked. */
  notEvaluated?: string;
}

/** @param at when the files are run, milliseconds since 1970 */
export async function evaluateFiles(
  files: readonly CollectedFile[],
  manifest: Manifest,
  at: number,
): Promise<EvaluatedFile[]> {
  await loadParsers();
  const schemas = await schemasOfFiles(files);
  const checked = await checkFindings(files, manifest);
  return files.flatMap((file, i) => {
    if (file.applied) return [];
    const { statements } = parseSql(file.text, file.dialect);
    const schema = schemas.get(i);
    const judged = {
      migration: file.name,
      text: file.source ?? file.text,
      statements,
      differences: schema && !('problem' in schema) ? compareSchemas(schema.before, schema.after) : [],
      after: schema && !('problem' in schema) ? schema.after : EMPTY_SCHEMA,
      at,
    };
    const evaluation = evaluate(judged, manifest);
    const findings: EvaluatedFinding[] = [...evaluation.findings, ...(checked.get(file.path) ?? [])];
    const result = worst(findings);
    const message = findings
      .map((finding) => finding.message)
      .slice(0, 5)
      .join(' ');
    const reason = schema && 'problem' in schema ? schema.problem : undefined;
    const data = { ...evaluation.data, result, findings, file: file.path, ...(message ? { message } : {}) };
    return [
      {
        path: file.path,
        migration: file.name,
        result,
        findings,
        data,
        ...(reason ? { notEvaluated: reason } : {}),
      },
    ];
  });
}

function worst(findings: readonly EvaluatedFinding[]): Evaluation['result'] {
  if (findings.some(({ result }) => result === 'fail')) return 'fail';
  return findings.length > 0 ? 'warn' : 'pass';
}

type SchemaOfFile = { before: SchemaSnapshot; after: SchemaSnapshot } | { problem: string };

/** The schema around each file, by its place in the list. */
async function schemasOfFiles(files: readonly CollectedFile[]): Promise<Map<number, SchemaOfFile>> {
  const schemas = new Map<number, SchemaOfFile>();
  for (const dialect of new Set(files.map((file) => shadowDialect(file.dialect)))) {
    const mine = files.flatMap((file, i) => (shadowDialect(file.dialect) === dialect ? [{ file, i }] : []));
    const [first] = mine;
    if (!first) continue;
    const problem =
      dialect === undefined
        ? `${first.file.dialect} is not run in the shadow database`
        : mine.some(({ file }) => file.hasPlaceholders)
          ? 'a tool fills in parts of these files'
          : undefined;
    if (dialect === undefined || problem !== undefined) {
      for (const { i } of mine)
        schemas.set(i, { problem: `${problem}; rules that look at the schema were not asked` });
      continue;
    }
    const shadow = await HistoryShadow.start(dialect, first.file.format.name);
    try {
      let before = await shadow.snapshot();
      for (const { file, i } of mine) {
        try {
          await shadow.run({
            name: file.name,
            wrapping: file.format.wrapping(file.source ?? file.text),
            statements: parseSql(file.text, file.dialect).statements,
          });
          const after = await shadow.snapshot();
          schemas.set(i, { before, after });
          before = after;
        } catch (error) {
          schemas.set(i, { problem: error instanceof Error ? error.message : String(error) });
        }
      }
    } finally {
      await shadow.close();
    }
  }
  return schemas;
}

/** What `aibos check` finds under the rules that the manifest names, by path. */
async function checkFindings(
  files: readonly CollectedFile[],
  manifest: Manifest,
): Promise<Map<string, EvaluatedFinding[]>> {
  const severities = checkSeverities(manifest);
  const found = new Map<string, EvaluatedFinding[]>();
  if (Object.keys(severities).length === 0) return found;
  const { result } = await checkCollected(files, { severities, shadow: false, cache: false });
  for (const { path, statements, findings = [] } of result.files) {
    const lines = statements.flatMap((statement) =>
      statement.findings.map((finding) => ({ ...finding, line: statement.line })),
    );
    const named = [...findings, ...lines].filter(({ rule }) => rule in severities);
    found.set(
      path,
      named.map(({ rule, severity, message, ...place }) => ({
        rule,
        result: severity === 'error' ? 'fail' : 'warn',
        message,
        ...('line' in place && typeof place.line === 'number' ? { line: place.line } : {}),
      })),
    );
  }
  return found;
}
