/** Paths of which nothing is recorded, by the patterns of the setting `aibos.record.exclude`. Pure. */

// Whether a path lies in what the patterns name: `vendor/**`, `**/seeds`, `db/old/*.sql`. A pattern that names a folder
// stands for all below it. The path is below the workspace folder, with `/`.
export function isExcluded(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern.trim() !== '' && expressionOf(pattern.trim()).test(path));
}

const known = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  let expression = known.get(pattern);
  if (!expression) {
    expression = new RegExp(`^${bodyOf(pattern.replace(/^\.?\//, '').replace(/\/+$/, ''))}(?:/.*)?$`);
    known.set(pattern, expression);
  }
  return expression;
}

function bodyOf(pattern: string): string {
  return pattern
    .split(/(\*\*\/|\/\*\*$|\*\*|\*|\?|\{[^{}]*\})/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '/**') return '(?:/.*)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (/^\{.*\}$/.test(part)) return `(?:${part.slice(1, -1).split(',').map(bodyOf).join('|')})`;
      return part.replace(/[.+^$()|[\]\\{}]/g, '\\$&');
    })
    .join('');
}
