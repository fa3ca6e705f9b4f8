import { useRef, useState } from 'preact/hooks';
import { TelemetryError } from '../../core/contract/errors.ts';

export interface Action<A extends unknown[]> {
  /** Does it, unless it is being done; resolves with whether it worked. */
  run(...args: A): Promise<boolean>;
  busy: boolean;
  /** What went wrong the last time. */
  error: TelemetryError | undefined;
}

/** Something that the reader sets off and that takes a while: one at a time, and its error is kept for showing. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<void>): Action<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<TelemetryError>();
  const under = useRef(false);
  const run = async (...args: A): Promise<boolean> => {
    if (under.current) return false;
    under.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await work(...args);
      return true;
    } catch (fault) {
      setError(TelemetryError.from(fault));
      return false;
    } finally {
      under.current = false;
      setBusy(false);
    }
  };
  return { run, busy, error };
}
