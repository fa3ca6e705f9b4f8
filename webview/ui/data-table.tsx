import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../format/numbers.ts';
import { ScrollBox } from './scroll-box.tsx';

export interface Column<T> {
  head: string;
  /** The head is for screen readers only; the column speaks for itself. */
  headHidden?: boolean;
  cell: (row: T) => ComponentChildren;
  /** Figures stand at the right. */
  numeric?: boolean;
  /** Left out where there is little room. */
  secondary?: boolean;
  class?: string;
}

interface DataTableProps<T> {
  /** Says what the table shows; for screen readers where a heading says it to others. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T, index: number) => string | number;
  /** How many rows before the reader asks for more; all of them if not given. */
  shown?: number;
}

/** A table of facts. Its first column names the row. */
export function DataTable<T>({ caption, columns, rows, keyOf, shown }: DataTableProps<T>) {
  const [all, setAll] = useState(false);
  const limit = shown ?? rows.length;
  const classOf = ({ numeric, secondary, class: own = '' }: Column<T>) =>
    `${numeric ? 'numeric' : ''} ${secondary ? 'secondary' : ''} ${own}`.trim();
  return (
    <ScrollBox class="table-scroll" label={caption}>
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" class={classOf(column)}>
                {column.headHidden ? <span class="visually-hidden">{column.head}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} class={all || index < limit ? '' : 'beyond'}>
              {columns.map((column, i) =>
                i === 0 ? (
                  <th key={column.head} scope="row" class={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.head} class={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > limit && (
        <button type="button" class="button quiet more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${count(rows.length - limit)} more`}
        </button>
      )}
    </ScrollBox>
  );
}
