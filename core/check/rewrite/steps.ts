/**
 * A safe rewrite: SQL in steps. Everything in one step may run in one migration; a step that says `outside` must not run
 * in a transaction. The text runs as it is, statement by statement.
 */

export interface Step {
  /** What the step does or waits for, as a comment above it. */
  note?: string;
  /** Outside of a transaction, in a migration of its own. */
  outside?: true;
  sql: string[];
}

export interface Rewrite {
  /** Commands of an ALTER TABLE that the steps take the place of; absent: the whole statement. */
  replaces?: number[];
  steps: Step[];
}

/** The steps as text: comments say where one migration ends and the next begins. */
export function stepsText(steps: readonly Step[]): string {
  const merged = mergeSteps(steps);
  return merged
    .map(({ note, outside, sql }, i) => {
      const number = merged.length > 1 ? `${i + 1}. ` : '';
      const where = outside
        ? merged.length > 1 && i > 0
          ? 'In a migration of its own, outside of a transaction'
          : 'Outside of a transaction'
        : i > 0
          ? 'In the next migration'
          : '';
      const words = [where, note].filter(Boolean).join('. ');
      const comment =
        number || words ? `-- ${number}${words || 'First'}${/[.:]$/.test(words) ? '' : '.'}\n` : '';
      return comment + sql.map(terminated).join('\n');
    })
    .join('\n');
}

/** Neighbouring steps that may share a migration become one. A note, even an empty one, begins another. */
export function mergeSteps(steps: readonly Step[]): Step[] {
  const merged: Step[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    if (last && !last.outside && !step.outside && step.note === undefined)
      last.sql = [...last.sql, ...step.sql];
    else merged.push({ ...step });
  }
  return merged;
}

function terminated(sql: string): string {
  return `${sql.trim().replace(/;$/, '')};`;
}
