/** What changing a column's type does to its values. Types as `format_type` prints them. */

interface Sized {
  base: string;
  sizes: number[];
}

/** `character varying(20)` is of base `character varying` with the size 20. */
function sized(type: string): Sized {
  const match = /^(.*?)\((\d+(?:,-?\d+)?)\)(.*)$/.exec(type);
  if (!match) return { base: type, sizes: [] };
  return { base: `${match[1]}${match[3]}`.trim(), sizes: (match[2] ?? '').split(',').map(Number) };
}

const VARIABLE = new Set(['character varying', 'text']);

/**
 * Whether every value is kept as it is stored, so that PostgreSQL writes no row anew: a longer or no limit of `varchar`,
 * `varchar` to `text`, more digits before an equal scale of `numeric`, a longer `varbit`, finer fractions of a second
 * (`ATColumnChangeRequiresRewrite` in `tablecmds.c` and the support functions of these types).
 */
export function isWidening(before: string, after: string): boolean {
  const [from, to] = [sized(before), sized(after)];
  const [limit, digits] = [from.sizes[0], to.sizes[0]];
  if (VARIABLE.has(from.base) && VARIABLE.has(to.base)) {
    return digits === undefined || (limit !== undefined && digits >= limit);
  }
  if (from.base !== to.base) return false;
  if (from.base === 'numeric') {
    return (
      to.sizes.length === 0 ||
      (limit !== undefined && (digits ?? 0) >= limit && (from.sizes[1] ?? 0) === (to.sizes[1] ?? 0))
    );
  }
  if (/^(?:bit varying|time|timestamp|interval)\b/.test(from.base)) {
    return digits === undefined || (limit !== undefined && digits >= limit);
  }
  return false;
}

const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
const TEXTS = ['text', 'character varying', 'character', 'citext', 'name', '"char"'];
const TIMES = ['date', 'timestamp without time zone', 'timestamp with time zone'];
const JSONS = ['json', 'jsonb'];

/** The `USING` expression that gets from one type to the other; undefined where PostgreSQL finds the way itself. */
export function usingExpression(column: string, before: string, after: string): string | undefined {
  const [from, to] = [sized(before).base, sized(after).base];
  if (from === to) return undefined;
  const within = (family: readonly string[]) => family.includes(from) && family.includes(to);
  if ([NUMBERS, TEXTS, TIMES, JSONS].some(within)) return undefined;
  const text = TEXTS.some((name) => from === name);
  const toText = TEXTS.some((name) => to === name);
  if (toText) return `${column}::${after}`;
  const between = before.endsWith('[]') && after.endsWith('[]') ? 'text[]' : 'text';
  return text ? `${column}::${after}` : `${column}::${between}::${after}`;
}
