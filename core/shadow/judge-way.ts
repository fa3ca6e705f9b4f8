/** How a file can be judged: in a transaction that is undone, or only by really running it. */
import { tokenize } from '../sql/tokens.ts';
import { isControl, isWrapped } from './run-migration.ts';
import type { MigrationToRun, StatementToRun } from './shadow.ts';

/**
 * `undone`: everything runs in one transaction that is rolled back, which says the same as running it. `real`: the file
 * commits on its way in a manner that a later statement could notice.
 */
export interface JudgeWay {
  way: 'undone' | 'real';
  /** Whether it is one transaction, by its tool’s doing or by a BEGIN and COMMIT of its own around everything. */
  wrapped: boolean;
}

/** What means something else inside a transaction than on its own. */
const NOTICES_TRANSACTION = /^(?:lock|declare|call)\b|\bon\s+commit\b/i;
/** What a block may leave behind at its commit in a way that is not put right here. */
const OUTLIVES_BLOCK =
  /^set\s+(?:constraints|transaction\b.*\bread\s+only|local\s+(?:time|role|session|xml|names))\b/is;
/** Settings for the rest of a block; outside of one they do nothing. */
const SETS_LOCALLY = /^set\s+local\s+([\w.]+)/i;
/** A table that its block’s commit drops or empties. */
const TABLE_OF_BLOCK =
  /^create\s+temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?("[^"]+"|[\w$]+)(?=[\s(]).*\bon\s+commit\s+(drop|delete)\b/is;

/** What a control statement does to the block that it stands in; `other` for savepoints and prepared transactions. */
export function controlOf(text: string): 'begins' | 'commits' | 'undoes' | 'other' | undefined {
  if (!isControl(text)) return undefined;
  if (/^(?:begin|start\s+transaction)\b/i.test(text)) return 'begins';
  if (/^(?:commit|end)(?:\s+(?:work|transaction))?\s*$/i.test(text)) return 'commits';
  if (/^(?:rollback|abort)(?:\s+(?:work|transaction))?\s*$/i.test(text)) return 'undoes';
  return 'other';
}

export function judgeWay(migration: MigrationToRun): JudgeWay {
  const { statements } = migration;
  const controls = statements.map(({ text }) => controlOf(text));
  const inner = controls.slice(1, -1);
  const framed = controls[0] === 'begins' && controls.at(-1) === 'commits' && inner.every((one) => !one);
  const wrapped = framed || isWrapped(migration);
  const isReal = wrapped
    ? !framed && controls.some(Boolean)
    : controls.includes('other') || noticesOutside(statements, controls);
  return { way: isReal ? 'real' : 'undone', wrapped };
}

/** Whether a file of several statements has one outside of its blocks, or leaving one, that a transaction would change. */
function noticesOutside(
  statements: readonly StatementToRun[],
  controls: readonly ReturnType<typeof controlOf>[],
): boolean {
  let inBlock = false;
  return statements.some(({ text }, i) => {
    if (controls[i]) inBlock = controls[i] === 'begins';
    const outlives =
      OUTLIVES_BLOCK.test(text) ||
      (/\bon\s+commit\s+(?:drop|delete)\b/i.test(text) && !TABLE_OF_BLOCK.test(text));
    return statements.length > 1 && (outlives || (!inBlock && NOTICES_TRANSACTION.test(text)));
  });
}

/**
 * A statement with its word CONCURRENTLY blanked, so that it can run in a transaction: it makes or drops the same
 * things. Undefined where the statement has none that a transaction forbids. Offsets stay as they are.
 */
export function withoutConcurrently({ text }: StatementToRun): string | undefined {
  if (!/^(?:create|drop|reindex|alter)\b/i.test(text) || !/\bconcurrently\b/i.test(text)) return undefined;
  const word = tokenize(text, 'postgres').find(
    ({ kind, start, end }) => kind === 'word' && /^concurrently$/i.test(text.slice(start, end)),
  );
  return word && text.slice(0, word.start) + ' '.repeat(word.end - word.start) + text.slice(word.end);
}

/** What a block’s commit takes back of a statement in it, as SQL to run before the statement and at the commit. */
export function takenBack(text: string): { key: string; before?: string; atCommit: string } | undefined {
  const setting = SETS_LOCALLY.exec(text)?.[1]?.toLowerCase();
  if (setting) {
    return {
      key: setting,
      before: `SELECT set_config('aibos.${setting}', current_setting('${setting}', true), true)`,
      atCommit: `SELECT set_config('${setting}', current_setting('aibos.${setting}'), true)`,
    };
  }
  const [, table, what = ''] = TABLE_OF_BLOCK.exec(text) ?? [];
  if (!table) return undefined;
  const present = `to_regclass('pg_temp.${table.replaceAll("'", "''")}') IS NOT NULL`;
  return {
    key: table,
    atCommit: /^delete$/i.test(what)
      ? `DO $empty$ BEGIN IF ${present} THEN DELETE FROM pg_temp.${table}; END IF; END $empty$`
      : `DROP TABLE IF EXISTS pg_temp.${table} CASCADE`,
  };
}

/**
 * Whether a statement only says how its transaction is isolated from others, of which there are none. It cannot run
 * behind a savepoint.
 */
export function isIsolation(text: string): boolean {
  return /^set\s+transaction\b/i.test(text) && !/\bread\s+only\b/i.test(text);
}

/**
 * Whether a failure in the judge’s transaction may be owed to that transaction: an enum value used before its commit,
 * trigger events that a commit would have fired, commands that want no transaction, a check that a function body puts
 * off to its end.
 */
export function owedToTransaction(sqlState: string | undefined, text: string): boolean {
  if (sqlState === undefined) return false;
  if (['55P04', '55006', '25001', '2D000'].includes(sqlState)) return true;
  return sqlState.startsWith('23') && /^(?:do|select|with)\b/i.test(text);
}
