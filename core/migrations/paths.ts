/** Paths with `/` between folders, and the order of names. */

export function split(path: string): { folder: string; base: string } {
  const slash = path.lastIndexOf('/');
  return slash === -1
    ? { folder: '.', base: path }
    : { folder: path.slice(0, slash), base: path.slice(slash + 1) };
}

export function within(folder: string, base: string): string {
  return folder === '.' ? base : `${folder}/${base}`;
}

/** A folder and all above it, from the root down. */
export function ancestors(folder: string): string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  return ['.', ...parts.map((_, i) => parts.slice(0, i + 1).join('/'))];
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By the numbers in the names, however long and however padded; then by text. */
export function compareNumbers(a: string, b: string): number {
  const left = a.match(/\d+/g) ?? [];
  const right = b.match(/\d+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = BigInt(left[i] ?? 0) - BigInt(right[i] ?? 0);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return left.length - right.length || compareText(a, b);
}

/** Whether a folder is one of a version, such as `0.9` or `v1.12`. */
export function isVersion(folder: string): boolean {
  return /^v?\d+(?:\.\d+)+$/i.test(folder);
}
