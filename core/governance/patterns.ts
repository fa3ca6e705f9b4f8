/** Names with `*`, matched from the end: `email` is any column of that name, `users.email` that of any `users`. */

export function matches(pattern: string, name: string): boolean {
  const wanted = pattern.split('.');
  const given = name.split('.');
  if (wanted.length > given.length) return false;
  const tail = given.slice(given.length - wanted.length);
  return wanted.every((part, i) => wildcard(part).test(tail[i] ?? ''));
}

export function matchesAny(patterns: readonly string[] | undefined, name: string): boolean {
  return patterns?.some((pattern) => matches(pattern, name)) ?? false;
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'i');
}
