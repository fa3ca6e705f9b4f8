/** Asking the engine for what a page shows, again whenever that may have changed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { TelemetryError } from '../../core/contract/errors.ts';
import { answeredAfter, revision } from './live.ts';

export interface Query<T> {
  /** The latest answer, also while a newer one is awaited or when that failed. */
  value: T | undefined;
  error: TelemetryError | undefined;
  loading: boolean;
  /** Whether `value` answers another question than the one that is asked now. */
  stale: boolean;
  again(): void;
}

/** Calls `load` at first, when `key` changes, and when something was recorded, unless it is to be asked `once`. */
export function useQuery<T>(key: string, load: () => Promise<T>, once = false): Query<T> {
  const [state, setState] = useState<{ key?: string; value?: T; error?: TelemetryError; loading: boolean }>({
    loading: true,
  });
  const turn = useRef(0);
  const [times, setTimes] = useState(0);
  const changes = once ? 0 : revision.value;

  // `load` is new at each drawing; `key` says what it asks.
  useEffect(() => {
    const mine = ++turn.current;
    setState((before) => ({ ...before, loading: true }));
    const asked = performance.now();
    load().then(
      (value) => {
        answeredAfter(performance.now() - asked);
        if (mine === turn.current) setState({ key, value, loading: false });
      },
      (error: unknown) => {
        if (mine !== turn.current) return;
        setState((before) => ({ ...before, error: TelemetryError.from(error), loading: false }));
      },
    );
  }, [key, times, changes]);
  useEffect(() => () => void turn.current++, []);

  return {
    value: state.value,
    error: state.error,
    loading: state.loading,
    stale: state.value !== undefined && state.key !== key,
    again: () => setTimes((before) => before + 1),
  };
}
