import type { ComponentChildren } from 'preact';
import type { Paged } from '../state/paged.ts';
import { Loaded } from './loaded.tsx';

interface LoadedPagesProps<T> {
  paged: Paged<T>;
  lines?: number;
  children: (items: readonly T[]) => ComponentChildren;
}

/** What a paged list holds so far, and a way to the next page. */
export function LoadedPages<T>({ paged, lines = 8, children }: LoadedPagesProps<T>) {
  const { items, error, loading, hasMore, more, again } = paged;
  return (
    <Loaded query={{ value: items, error, loading, stale: false, again }} lines={lines}>
      {(known) => (
        <>
          {children(known)}
          {hasMore && (
            <button type="button" class="button quiet more" disabled={loading} onClick={more}>
              {loading ? 'Loading more' : 'Show more'}
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}
