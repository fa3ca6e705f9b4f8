/** Small choices that outlive a reload where the host lets a page keep something. */

const PREFIX = 'aibos.';

/** What was kept; undefined where nothing was, or nothing may be kept. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Where nothing may be kept, nothing was.
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // A page that may not keep anything works as well, it only forgets.
  }
}
