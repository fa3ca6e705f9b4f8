/** Whether two names mean one migration: a tool says `20240101_users`, the history `20240101_users`, the shell `db/20240101_users.sql`. */

/** The name without folder and ending, in lower case, with one sign between its words. */
export function plainName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? name;
  return base
    .replace(/\.(?:up\.)?(?:sql|js|ts|cjs|mjs|py|rb|go|php)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^v(?=\d)/, '');
}

/** The same name, or the same number where one of the two is no more than that, or says the words in another way. */
export function sameMigration(a: string, b: string): boolean {
  const [one, other] = [plainName(a), plainName(b)];
  if (one === other) return true;
  const [first, second] = [/^\d+/.exec(one)?.[0], /^\d+/.exec(other)?.[0]];
  if (first === undefined || second === undefined) return false;
  if (first.length >= 8 && first === second) return true;
  const isNumberOnly = first === one || second === other;
  return isNumberOnly && BigInt(first) === BigInt(second);
}
