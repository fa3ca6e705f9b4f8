import type { ComponentChildren } from 'preact';
import { ScrollBox } from './scroll-box.tsx';

interface HeatProps {
  /** What it shows, with units. */
  caption: string;
  columns: readonly string[];
  rows: readonly { name: ComponentChildren; id: string; cells: readonly (HeatCell | undefined)[] }[];
}

export interface HeatCell {
  /** 0 to 1: how much ground it gets. */
  share: number;
  text: string;
  /** The tone of what is right or wrong; the accent where neither. */
  tone?: 'ok' | 'error';
}

/** Figures in a grid with grounds by how large they are. It is a table: every cell says its figure. */
export function Heat({ caption, columns, rows }: HeatProps) {
  return (
    <ScrollBox class="table-scroll" label={caption}>
      <table class="heat">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, name, cells }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              {columns.map((column, i) => {
                const cell = cells[i];
                return (
                  <td
                    key={column}
                    class={`heat-cell heat-${cell?.tone ?? 'plain'}`}
                    style={{ '--share': `${Math.round(Math.max(0, Math.min(1, cell?.share ?? 0)) * 100)}%` }}
                  >
                    {cell?.text ?? '–'}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
