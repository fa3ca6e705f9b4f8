/** A list that is asked for a page at a time, as far as the reader goes. */
import { useState } from 'preact/hooks';

import { TelemetryError } from '../../core/contract/errors.ts';
import { type Query, useQuery } from './query.ts';

export interface Pages<T> {
  /** The pages so far, in one. */
  query: Query<readonly T[]>;
  /** Asks for the next page; undefined where there is none. */
  more: (() => void) | undefined;
  loadingMore: boolean;
  moreError: TelemetryError | undefined;
}

interface Page<T> {
  items: readonly T[];
  nextCursor?: string;
}

interface Further<T> {
  /** Of the first page that they follow. */
  first: Page<T>;
  items: readonly T[];
  nextCursor: string | undefined;
}

/** `load` is asked at first and when `key` changes; what is recorded meanwhile shows when it is asked `again`. */
export function usePages<T>(key: string, load: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  const start = useQuery(key, () => load(undefined), true);
  const [further, setFurther] = useState<Further<T>>();
  const [loadingMore, setLoading] = useState(false);
  const [moreError, setError] = useState<TelemetryError>();
  const first = start.value;
  const rest = further && further.first === first ? further : undefined;
  const cursor = rest ? rest.nextCursor : first?.nextCursor;

  const more = async () => {
    if (!first || cursor === undefined || loadingMore) return;
    setLoading(true);
    setError(undefined);
    try {
      const page = await load(cursor);
      setFurther({
        first,
        items: [...(rest?.items ?? []), ...page.items],
        nextCursor: page.nextCursor,
      });
    } catch (error) {
      setError(TelemetryError.from(error));
    } finally {
      setLoading(false);
    }
  };
  return {
    query: { ...start, value: first && [...first.items, ...(rest?.items ?? [])] },
    more: cursor === undefined || start.stale ? undefined : more,
    loadingMore,
    moreError,
  };
}
