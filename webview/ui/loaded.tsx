import type { ComponentChildren } from 'preact';
import type { Query } from '../state/query.ts';
import { Failure, Loading } from './states.tsx';

interface LoadedProps<T> {
  query: Query<T>;
  lines?: number;
  children: (value: T) => ComponentChildren;
}

/**
 * What a query answered; bars until it does, the error where it cannot. An answer stays while it is asked again, and when
 * that fails; that the engine is not there, the frame says.
 */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>) {
  const { value, error, loading, stale, again } = query;
  if (value === undefined || (stale && error)) {
    if (error && !loading) return <Failure error={error} again={again} />;
    return <Loading lines={lines ?? 3} />;
  }
  const failed = error && !loading && error.code !== 'unavailable' ? error : undefined;
  return (
    <div class={stale ? 'stale' : ''}>
      {failed && <p class="text-error">This could not be asked again: {failed.message}</p>}
      {children(value)}
    </div>
  );
}
