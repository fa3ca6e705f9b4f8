import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { count, plural } from '../../format/numbers.ts';
import { change, route } from '../../routing/router.ts';
import { Icon } from '../../ui/icon.tsx';
import { Drawing } from './drawing.tsx';
import { Groups } from './groups.tsx';
import { type Box, layoutOf } from './layout.ts';
import { Minimap } from './minimap.tsx';
import { type EntityGraph, neighbourhood } from './references.ts';
import { Selected } from './selected.tsx';
import { TableList } from './table-list.tsx';
import { fitted, useFrame, useViewBox } from './use-view-box.ts';

/** With more tables than this only their names are drawn, unless the reader asks for the columns. */
const MANY = 40;
/** Also where all of it with columns would be seen from further away than this. Pixels for a unit. */
const COLUMNS = 0.6;
/** From further away than this names of tables are too small to read: groups are drawn instead. Pixels for a unit. */
const AFAR = 0.42;
/** Columns are left out from here on. */
const NAMES_ONLY = 0.45;
/** A table that is looked for is shown this near at least. */
const READABLE = 0.7;
/** A window that is smaller, in pixels, shows no whole neighbourhood. */
const NARROW = 560;

interface CanvasProps {
  graph: EntityGraph;
  history: string;
}

/** A list of the tables, and the drawing of them: all, or one with those that it refers to and that refer to it. */
export function Canvas({ graph, history }: CanvasProps) {
  const { table, near } = route.value.query;
  const selected = graph.entities.some(({ name }) => name === table) ? table : undefined;
  const focused = near !== undefined && selected !== undefined;
  const drawn = useMemo(
    () => (focused && selected !== undefined ? neighbourhood(graph, selected) : graph),
    [graph, focused, focused ? selected : ''],
  );
  return (
    <Drawn key={focused ? selected : ''} all={graph} drawn={drawn} selected={selected} history={history} />
  );
}

interface DrawnProps {
  all: EntityGraph;
  /** The part of it that is drawn. */
  drawn: EntityGraph;
  selected: string | undefined;
  history: string;
}

function Drawn({ all, drawn, selected, history }: DrawnProps) {
  const focused = drawn !== all;
  const [asked, setAsked] = useState<boolean>();
  const ref = useRef<HTMLDivElement>(null);
  const frame = useFrame(ref);
  // In two shapes only, so that a window that is resized does not shuffle the drawing.
  const aspect = frame.width < frame.height ? 0.6 : 1.6;
  const fits = useMemo(() => {
    if (drawn.entities.length > MANY) return false;
    const { width, height } = layoutOf(drawn, true, aspect);
    return fitted({ x: 0, y: 0, width, height }, frame, 1).scale >= COLUMNS;
  }, [drawn, aspect, frame]);
  const withColumns = asked ?? fits;
  const layout = useMemo(() => layoutOf(drawn, withColumns, aspect), [drawn, withColumns, aspect]);
  const around = (name: string | undefined): Box | undefined => {
    const box = name === undefined ? undefined : layout.tables.get(name);
    if (!box) return undefined;
    const width = Math.min(box.width + 840, frame.width / READABLE);
    return { x: box.x + (box.width - width) / 2, y: box.y - 220, width, height: box.height + 440 };
  };
  const begunAt = useRef(selected);
  const isNarrow = frame.width < NARROW;
  const view = useViewBox(ref, frame, layout, focused && !isNarrow ? undefined : around(begunAt.current));
  const { x, y, scale } = view.box;

  const onSelect = useCallback(
    (name: string | undefined) =>
      change({ table: name, near: name === undefined ? undefined : route.value.query.near }, true),
    [],
  );
  const show = (name: string) => {
    onSelect(name);
    view.fit(around(name));
  };
  const toggleNear = () => selected && change({ near: focused ? undefined : '1' }, true);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'n') toggleNear();
    else if (event.key === 'Escape') onSelect(undefined);
    else return view.onKeyDown(event);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="er">
      <TableList graph={all} selected={selected} onShow={show} />
      <div class="er-main">
        <div class="er-tools">
          <button
            type="button"
            class="toggle"
            aria-pressed={focused}
            disabled={selected === undefined}
            title={
              selected === undefined
                ? 'Choose a table first'
                : 'The selected table with those that it refers to and that refer to it, alone (n)'
            }
            onClick={toggleNear}
          >
            Neighbours
          </button>
          <label class="check er-check">
            <input
              type="checkbox"
              checked={withColumns}
              onChange={({ currentTarget }) => {
                setAsked(currentTarget.checked);
                view.fit();
              }}
            />
            Columns
          </label>
          <button
            type="button"
            class="button small icon-only"
            aria-label="Zoom in"
            onClick={() => view.zoom(1.4)}
          >
            <Icon name="plus" />
          </button>
          <button type="button" class="button small" aria-label="Zoom out" onClick={() => view.zoom(1 / 1.4)}>
            −
          </button>
          <button type="button" class="button small" onClick={() => view.fit()}>
            Fit all
          </button>
        </div>
        <div class="er-window">
          {/* biome-ignore lint/a11y/useSemanticElements: it groups nothing that one fills in */}
          <div
            class="er-frame"
            ref={ref}
            role="group"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys, + and - move and zoom what is seen
            tabIndex={0}
            aria-label="Diagram: arrow keys move it, plus and minus zoom, 0 shows all, n the neighbours of the selected table alone, Escape selects none"
            onPointerDown={view.onPointerDown}
            onKeyDown={onKeyDown}
          >
            <svg
              class={withColumns && scale < NAMES_ONLY ? 'er-names' : ''}
              role="img"
              aria-label={`${plural(drawn.entities.length, 'table')} in ${plural(layout.clusters.length, 'group')}; the table view says the same`}
              viewBox={`${x} ${y} ${frame.width / scale} ${frame.height / scale}`}
              style={{ '--er-unit': `${1 / scale}px` }}
            >
              {scale < AFAR ? (
                <Groups layout={layout} scale={scale} selected={selected} onGroup={(box) => view.fit(box)} />
              ) : (
                <Drawing
                  layout={layout}
                  selected={selected}
                  nameSize={nameSize(scale)}
                  titleSize={scale > 0.8 ? 18 : scale > 0.6 ? 21 : 26}
                  onSelect={onSelect}
                />
              )}
            </svg>
          </div>
          {!view.isWhole && <Minimap layout={layout} view={view} />}
        </div>
        {selected === undefined ? (
          <p class="note">
            {scale < AFAR
              ? `${count(layout.clusters.length)} groups; choose one, or a table from the list, to see more.`
              : 'Choose a table to see what it refers to.'}
          </p>
        ) : (
          <Selected graph={all} table={selected} history={history} onShow={show} />
        )}
      </div>
    </div>
  );
}

/** Seen from afar names grow; in steps, so that not every turn of the wheel draws all of it again. */
function nameSize(scale: number): number {
  if (scale > 0.8) return 13;
  return scale > 0.62 ? 16 : scale > 0.5 ? 19 : 22;
}
