/** The figures of a comparison as text. */
import { type Difference, type Score, ZERO } from './compare.ts';

const SHOWN_TEXT = 300;

export function report(version: number, score: Score, quiet: boolean, failed: boolean): string {
  const lines = [line(version, score)];
  if (quiet) return lines.join('\n');
  for (const difference of score.differences) lines.push(...shown(difference));
  for (const { place, reason } of score.unanalysedPlaces) lines.push(`  ${place}: not analysed: ${reason}`);
  if (failed)
    for (const { place, text, error } of score.failed)
      lines.push(`  ${place}: refused: ${error}: ${oneLine(text)}`);
  return lines.join('\n');
}

export function summary(scores: readonly { version: number; score: Score }[]): string {
  const versions = [...new Set(scores.map(({ version }) => version))];
  return versions
    .map((version) => {
      const own = scores.filter((entry) => entry.version === version).map(({ score }) => score);
      return line(version, own.reduce(added, { ...(own[0] as Score), ...ZERO, name: 'all', failed: [] }));
    })
    .join('\n');
}

function added(sum: Score, next: Score): Score {
  const total = { ...sum, failed: [...sum.failed, ...next.failed] };
  for (const key of Object.keys(ZERO) as (keyof typeof ZERO)[]) total[key] += next[key];
  return total;
}

function line(version: number, score: Score): string {
  const {
    name,
    statements,
    exact,
    locking,
    lockingExact,
    rewrites,
    rewritesFound,
    rewritesWrong,
    unanalysed,
  } = score;
  return [
    `PostgreSQL ${version}, ${name}: ${statements} statements`,
    `exact locks ${exact} (${percent(exact, statements)})`,
    `of those that lock ${lockingExact} of ${locking} (${percent(lockingExact, locking)})`,
    `rewrites ${rewritesFound} of ${rewrites} found, ${rewritesWrong} wrong`,
    `not analysed ${unanalysed} (${percent(unanalysed, statements)})`,
    `refused ${score.failed.length}`,
  ].join('; ');
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)} %`;
}

function shown({
  place,
  text,
  missing,
  wrong,
  rewritesMissed,
  rewritesWrong,
  failsWrong,
}: Difference): string[] {
  return [
    `  ${place}: ${oneLine(text)}`,
    ...missing.map((lock) => `    server only: ${lock}`),
    ...wrong.map((lock) => `    analyser only: ${lock}`),
    ...rewritesMissed.map((relation) => `    rewrite missed: ${relation}`),
    ...rewritesWrong.map((relation) => `    rewrite wrong: ${relation}`),
    ...failsWrong.map((reason) => `    taken to fail: ${reason}`),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, SHOWN_TEXT);
}
