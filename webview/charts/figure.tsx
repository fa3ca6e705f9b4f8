import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { appearance } from '../state/theme.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { type DrawnChart, drawChart } from './chart.ts';
import type { ChartSpec } from './spec.ts';

/** Of a long table, the first ones; the others when asked. */
const MOST_ROWS = 200;

interface ChartFigureProps<T> {
  /** What it shows. */
  title: string;
  /** Units, size of a step, time zone. */
  note: string;
  /** The gist in a sentence, for those who do not see it. */
  summary: string;
  spec: ChartSpec;
  /** The same as a table. */
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T, index: number) => string | number;
  /** Instead of the chart, where there is nothing to draw. */
  empty?: ComponentChildren;
  /** More room where the chart is what the page is about. */
  tall?: boolean;
  /** Buttons beside the one that shows the table. */
  actions?: ComponentChildren;
}

/** A chart with its title, its units, and the table behind it. */
export function ChartFigure<T>(props: ChartFigureProps<T>) {
  const { title, note, summary, spec, columns, rows, keyOf, empty, tall, actions } = props;
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure class={`card chart ${tall ? 'chart-tall' : ''}`} aria-labelledby={id}>
      <figcaption class="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          <p class="note">{note}</p>
        </div>
        {rows.length > 0 && (
          <div class="card-actions">
            {actions}
            <button
              type="button"
              class="button quiet small"
              aria-label={`Show as ${asTable ? 'chart' : 'table'}: ${title}`}
              onClick={() => setAsTable(!asTable)}
            >
              <Icon name={asTable ? 'chart' : 'table'} />
              Show as {asTable ? 'chart' : 'table'}
            </button>
          </div>
        )}
      </figcaption>
      {rows.length === 0 ? (
        <div class="chart-box">{empty}</div>
      ) : asTable ? (
        <div class="chart-table">
          <DataTable caption={title} columns={columns} rows={rows} keyOf={keyOf} shown={MOST_ROWS} />
        </div>
      ) : (
        <ChartCanvas spec={spec} label={`${title}. ${summary}`} />
      )}
    </figure>
  );
}

function ChartCanvas({ spec, label }: { spec: ChartSpec; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const { kind } = spec;

  // A chart of another kind is a new one.
  useEffect(() => {
    if (!canvas.current) return undefined;
    const chart = drawChart(canvas.current, spec);
    drawn.current = chart;
    return () => {
      chart.destroy();
      drawn.current = undefined;
    };
  }, [kind]);
  useEffect(() => drawn.current?.update(spec), [spec]);
  // At once, not with the next drawing: paper does not wait.
  useEffect(() => appearance.subscribe(() => drawn.current?.update(spec)), [spec]);

  return (
    <div class="chart-box">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}
