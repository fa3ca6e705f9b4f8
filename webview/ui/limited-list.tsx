import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../format/numbers.ts';

interface LimitedListProps<T> {
  items: readonly T[];
  /** How many are shown at first. */
  shown: number;
  class?: string;
  keyOf: (item: T) => string;
  children: (item: T) => ComponentChildren;
}

/** A list that shows its beginning, and the rest when asked; on paper all of it. */
export function LimitedList<T>({
  items,
  shown,
  class: className = '',
  keyOf,
  children,
}: LimitedListProps<T>) {
  const [all, setAll] = useState(false);
  const more = items.length - shown;
  return (
    <>
      <ul class={`plain-list ${className}`}>
        {items.map((item, i) => (
          <li key={keyOf(item)} class={all || i < shown ? '' : 'beyond'}>
            {children(item)}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="button quiet more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${count(more)} more`}
        </button>
      )}
    </>
  );
}
