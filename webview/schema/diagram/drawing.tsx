import { memo } from 'preact/compat';
import { HEAD_HEIGHT, type Layout, MOST_ROWS, ROW_HEIGHT } from './layout.ts';
import { clipped } from './lines.ts';

interface DrawingProps {
  layout: Layout;
  selected: string | undefined;
  /** Size of names, and of the titles of groups, in units of the drawing: larger when seen from afar. */
  nameSize: number;
  titleSize: number;
  onSelect: (table: string | undefined) => void;
}

/** Clusters, lines and tables. What belongs to the selected table stands out, the rest steps back. */
export const Drawing = memo(function Drawing({
  layout,
  selected,
  nameSize,
  titleSize,
  onSelect,
}: DrawingProps) {
  const { clusters, tables, lines } = layout;
  const near = new Set(
    lines.flatMap(({ reference: { from, to } }) => (from === selected || to === selected ? [from, to] : [])),
  );
  const stateOf = (name: string) =>
    selected === undefined ? '' : name === selected ? 'er-selected' : near.has(name) ? 'er-near' : 'er-far';
  return (
    <>
      {clusters.map(({ title, x, y, width, height, tables: count }) => (
        <g key={`${title} ${x} ${y}`} class="er-cluster">
          <rect x={x} y={y} width={width} height={height} rx={14} />
          <text x={x + 16} y={y + 14 + titleSize * 0.6} style={{ fontSize: `${titleSize}px` }}>
            {clipped(`${title} (${count})`, lettersIn(width - 32, titleSize))}
          </text>
        </g>
      ))}
      {lines.map(({ reference, path, within }) => {
        const own = reference.from === selected || reference.to === selected;
        return (
          <path
            key={`${reference.from} ${reference.name}`}
            d={path}
            class={`er-line ${within ? '' : 'er-line-across'} ${
              selected === undefined ? '' : own ? 'er-line-own' : 'er-line-far'
            }`}
          />
        );
      })}
      {[...tables].map(([name, { entity, x, y, width, height }]) => {
        const rows = entity.columns.slice(0, MOST_ROWS);
        const more = entity.columns.length - rows.length;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list beside the drawing does the same by keyboard
          <g
            key={name}
            class={`er-table ${stateOf(name)}`}
            transform={`translate(${x} ${y})`}
            onClick={() => onSelect(name === selected ? undefined : name)}
          >
            <rect class="er-box" width={width} height={height} rx={6} />
            <text
              class="er-name"
              x={8}
              y={HEAD_HEIGHT / 2 + nameSize * 0.36}
              style={{ fontSize: `${nameSize}px` }}
            >
              {clipped(entity.label, lettersIn(width - 14, nameSize))}
            </text>
            {height > HEAD_HEIGHT && (
              <g class="er-columns">
                <path d={`M0 ${HEAD_HEIGHT}H${width}`} class="er-rule" />
                {rows.map(({ name: column, type, key }, i) => {
                  const at = HEAD_HEIGHT + i * ROW_HEIGHT + 14;
                  return (
                    <g key={column} class={key ? 'er-key' : ''}>
                      <text x={10} y={at}>
                        {key === 'primary' ? '◆ ' : key === 'foreign' ? '→ ' : ''}
                        {clipped(column, 16)}
                      </text>
                      <text x={width - 10} y={at} class="er-type">
                        {clipped(type, 10)}
                      </text>
                    </g>
                  );
                })}
                {more > 0 && (
                  <text x={10} y={HEAD_HEIGHT + rows.length * ROW_HEIGHT + 14} class="er-type-start">
                    and {more} more
                  </text>
                )}
              </g>
            )}
          </g>
        );
      })}
    </>
  );
});

/** About how many letters of a size stand in a width. */
function lettersIn(width: number, size: number): number {
  return Math.max(3, Math.floor(width / (size * 0.6)));
}
