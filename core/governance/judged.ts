/** What is judged, and what a rule finds. */
import type { Difference } from '../schema/difference.ts';
import type { SchemaSnapshot } from '../schema/snapshot.ts';
import { namesColumn } from '../schema/transition/names.ts';
import type { Statement } from '../sql/statement.ts';
import type { Manifest, RuleId } from './manifest.ts';

export interface Judged {
  migration: string;
  /** Text of the file, for approvals in it. */
  text: string;
  statements: readonly Statement[];
  /** What it did to the schema; empty where it was not run. */
  differences: readonly Difference[];
  after: SchemaSnapshot;
  /** When it is run, milliseconds since 1970: freeze windows and approvals are judged by this. */
  at: number;
}

export interface Found {
  message: string;
  object?: string | undefined;
  line?: number | undefined;
}

export interface Finding extends Found {
  rule: RuleId;
  result: 'warn' | 'fail';
}

export type Rule = (judged: Judged, manifest: Manifest) => Found[];

/** The line of the statement that most likely did something to an object of a relation. */
export function lineOf(
  { statements }: Judged,
  relation: string | undefined,
  name?: string,
): number | undefined {
  const bare = relation?.replace(/^public\./, '');
  const touching = statements.filter(
    ({ operations, text }) =>
      relation === undefined ||
      operations.some(({ objects }) => objects.includes(relation)) ||
      (bare !== undefined && text.includes(bare)),
  );
  const last = name?.split('.').at(-1);
  const naming = last === undefined ? touching : touching.filter(({ text }) => namesColumn(text, last));
  return (naming[0] ?? touching[0])?.line;
}
