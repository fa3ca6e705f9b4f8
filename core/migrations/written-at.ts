/** When a migration was written; see docs/decisions/0004-when-a-migration-happened.md. Times in ms since 1970. */

const DAY_MS = 86_400_000;

/**
 * The time in its name, unless the commit that brought it is more than a day older, so that the name cannot be true;
 * else the commit's. Undefined where neither is known.
 */
export function writtenAt(name: string, committedAt: number | undefined): number | undefined {
  const named = timeOf(name);
  if (named === undefined || committedAt === undefined) return named ?? committedAt;
  return named <= committedAt + DAY_MS ? named : committedAt;
}

/** The time that a migration's name begins with, as UTC; undefined where it begins with none. */
export function timeOf(name: string): number | undefined {
  const match = /^[VR]?(20\d{2})-?(\d{2})-?(\d{2})[-_T]?(?:(\d{2}):?(\d{2}):?(\d{2}))?/.exec(name);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour, minute, second] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return month > 12 || day > 31 || Number.isNaN(at) ? undefined : at;
}
