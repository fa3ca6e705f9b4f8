import { memo } from 'preact/compat';
import type { Box, Layout } from './layout.ts';
import { clipped, linesOf } from './lines.ts';

interface GroupsProps {
  layout: Layout;
  /** Pixels for a unit of the drawing: text keeps its size on the screen, however far away the drawing is. */
  scale: number;
  selected: string | undefined;
  onGroup: (box: Box) => void;
}

/** Sizes on the screen, in pixels. */
const TITLE = 12;
const NOTE = 11;
const INSET = 6;
const LINE = 1.25;
/** Of a letter by its size, on average. */
const LETTER = 0.57;

/**
 * What is seen from afar, where names of tables would be too small to read: the groups, with as many names as there is
 * room for, and how many references lead from one to the other.
 */
export const Groups = memo(function Groups({ layout, scale, selected, onGroup }: GroupsProps) {
  const { clusters, bundles, tables } = layout;
  const unit = 1 / scale;
  const chosen = selected === undefined ? undefined : tables.get(selected);
  return (
    <>
      {bundles.map(({ from, to, references }) => {
        const [a, b] = [clusters[from], clusters[to]];
        if (!a || !b) return null;
        const [x1, y1, x2, y2] = [...middleOf(a), ...middleOf(b)];
        const width = (1 + Math.log2(references)) * unit;
        return (
          <path
            key={`${from} ${to}`}
            d={`M${x1} ${y1}L${x2} ${y2}`}
            class="er-bundle"
            style={{ strokeWidth: width }}
          />
        );
      })}
      {clusters.map((cluster) => {
        const { title, x, y, width, height, tables: count, labels } = cluster;
        const room = { width: width * scale - 2 * INSET, height: height * scale - 2 * INSET };
        const most = Math.max(1, Math.floor(room.height / (TITLE * LINE)));
        const lines = linesOf(title, Math.floor(room.width / (TITLE * LETTER)), Math.min(3, most));
        const hasNote = (lines.length * TITLE + NOTE) * LINE <= room.height;
        const below = INSET + (TITLE * lines.length + NOTE) * LINE;
        const names = hasNote ? Math.floor((room.height + INSET - below) / (NOTE * LINE)) : 0;
        const letters = Math.floor(room.width / (NOTE * LETTER));
        const holds =
          chosen && chosen.x >= x && chosen.x < x + width && chosen.y >= y && chosen.y < y + height;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: plus zooms in, and the list leads to every table
          <g
            key={`${title} ${x} ${y}`}
            class={`er-group ${holds ? 'er-selected' : ''}`}
            onClick={() => onGroup(cluster)}
          >
            <title>{`${title}: ${count}`}</title>
            <rect class="er-box" x={x} y={y} width={width} height={height} rx={6 * unit} />
            {lines.map((line, i) => (
              <text
                key={line}
                class="er-name"
                x={x + INSET * unit}
                y={y + (INSET + TITLE * (0.8 + i * LINE)) * unit}
                style={{ fontSize: `${TITLE * unit}px` }}
              >
                {line}
              </text>
            ))}
            {hasNote && (
              <text
                class="er-count"
                x={x + INSET * unit}
                y={y + (INSET + TITLE * LINE * lines.length + NOTE * 0.9) * unit}
                style={{ fontSize: `${NOTE * unit}px` }}
              >
                {room.width > NOTE * 5.5 ? `${count} tables` : count}
              </text>
            )}
            {labels.slice(0, names).map((label, i) => (
              <text
                key={label}
                class="er-count"
                x={x + INSET * unit}
                y={y + (below + NOTE * (0.9 + i * LINE)) * unit}
                style={{ fontSize: `${NOTE * unit}px` }}
              >
                {clipped(label, letters)}
              </text>
            ))}
          </g>
        );
      })}
    </>
  );
});

function middleOf({ x, y, width, height }: Box): [number, number] {
  return [x + width / 2, y + height / 2];
}
