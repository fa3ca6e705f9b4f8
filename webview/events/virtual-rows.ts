/** Which rows of a long list are in sight, and where the list must be scrolled so that they stay there. */

/** Rows drawn above and below what is in sight. */
const SPARE = 16;

export interface Window {
  /** First row to draw. */
  from: number;
  /** First row not to draw any more. */
  to: number;
}

export function visibleRows(scrollTop: number, height: number, rowHeight: number, rows: number): Window {
  const first = Math.floor(scrollTop / rowHeight);
  const shown = Math.ceil(height / rowHeight);
  return {
    from: Math.max(0, Math.min(first, rows) - SPARE),
    to: Math.max(0, Math.min(rows, first + shown + SPARE)),
  };
}

/** How many rows came in above the one that was at `index`, below zero where some went: zero where it is gone itself. */
export function rowsAdded<T>(items: readonly T[], index: number, isAnchor: (item: T) => boolean): number {
  const at = items.findIndex(isAnchor);
  return at === -1 ? 0 : at - index;
}

/** The row that a key moves to from `index`; undefined for keys that move nowhere. */
export function rowAfterKey(key: string, index: number, rows: number, page: number): number | undefined {
  const moves: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: rows - 1,
  };
  const target = moves[key];
  return target === undefined ? undefined : Math.max(0, Math.min(rows - 1, target));
}
