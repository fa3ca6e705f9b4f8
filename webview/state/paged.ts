/** A list that is asked for page by page: the first at once and again when something was recorded, the next when wanted. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { TelemetryError } from '../../core/contract/errors.ts';
import { revision } from './live.ts';

interface Page<T> {
  items: readonly T[];
  nextCursor?: string | undefined;
  total?: number | undefined;
}

export interface Paged<T> {
  /** Undefined until the first page is there. */
  items: readonly T[] | undefined;
  /** How many there are, where the engine says it. */
  total: number | undefined;
  loading: boolean;
  error: TelemetryError | undefined;
  /** Whether there are further pages. */
  hasMore: boolean;
  more(): void;
  again(): void;
}

interface State<T> {
  key: string;
  items?: readonly T[];
  total?: number | undefined;
  cursor?: string | undefined;
  pages: number;
  loading: boolean;
  error?: TelemetryError | undefined;
}

/** Calls `load` with the cursor of the page before. Another `key` is another list. */
export function usePaged<T>(key: string, load: (cursor: string | undefined) => Promise<Page<T>>): Paged<T> {
  const [state, setState] = useState<State<T>>({ key, pages: 0, loading: true });
  const turn = useRef(0);
  const [times, setTimes] = useState(0);
  const changes = revision.value;
  const mine = state.key === key;

  const ask = async (cursor: string | undefined) => {
    const asked = ++turn.current;
    setState((before) => ({ ...(before.key === key ? before : { key, pages: 0 }), key, loading: true }));
    try {
      const page = await load(cursor);
      if (asked !== turn.current) return;
      setState((before) => ({
        key,
        items: cursor === undefined ? page.items : [...(before.items ?? []), ...page.items],
        total: page.total,
        cursor: page.nextCursor,
        pages: cursor === undefined ? 1 : before.pages + 1,
        loading: false,
      }));
    } catch (error) {
      if (asked !== turn.current) return;
      setState((before) => ({ ...before, loading: false, error: TelemetryError.from(error) }));
    }
  };
  // What the reader has paged to is not thrown away because something else was recorded.
  const settled = mine && state.pages > 1;
  useEffect(() => {
    if (!settled) ask(undefined);
  }, [key, times, settled ? 0 : changes]);
  useEffect(() => () => void turn.current++, []);

  return {
    items: mine ? state.items : undefined,
    total: mine ? state.total : undefined,
    loading: state.loading || !mine,
    error: mine ? state.error : undefined,
    hasMore: mine && state.cursor !== undefined,
    more: () => {
      if (!state.loading && state.cursor !== undefined) ask(state.cursor);
    },
    again: () => setTimes((before) => before + 1),
  };
}
