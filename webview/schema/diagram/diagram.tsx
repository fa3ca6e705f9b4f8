import { useCallback, useMemo, useState } from 'preact/hooks';
import type { SchemaSnapshot } from '../../../core/contract/database-schema.ts';
import { count, plural } from '../../format/numbers.ts';
import { Link } from '../../routing/link.tsx';
import { change, href, route } from '../../routing/router.ts';
import { useClient } from '../../state/host.ts';
import { useQuery } from '../../state/query.ts';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty } from '../../ui/states.tsx';
import { idOf } from '../histories.ts';
import type { HistoryViewProps } from '../page.tsx';
import { Drawing } from './drawing.tsx';
import { layoutOf } from './layout.ts';
import { type EntityGraph, entityGraph } from './references.ts';
import { useViewBox } from './use-view-box.ts';

/** With more tables than this only their names are drawn, unless the reader asks for the columns. */
const MANY = 40;

/** The tables and what they refer to, as a drawing that is grouped, searched and zoomed; and as a table. */
export function Diagram({ history }: HistoryViewProps) {
  const client = useClient();
  const { at = 'latest' } = route.value.query;
  const { workspace, history: folder } = history;
  const query = useQuery(`schema ${idOf(history)} ${at}`, () =>
    client.call('schema.get', { workspace, history: folder, at }),
  );
  return (
    <Loaded query={query} lines={10}>
      {({ schema }) => <Drawn schema={schema} history={idOf(history)} />}
    </Loaded>
  );
}

function Drawn({ schema, history }: { schema: SchemaSnapshot; history: string }) {
  const graph = useMemo(() => entityGraph(schema), [schema]);
  const [asTable, setAsTable] = useState(false);
  const { entities, references } = graph;
  if (entities.length === 0)
    return (
      <Card title="Entity diagram">
        <Empty title="There are no tables in this version" />
      </Card>
    );
  return (
    <Card
      title="Entity diagram"
      note={`${plural(entities.length, 'table')}, ${plural(references.length, 'foreign key')}, grouped by what refers to what`}
      actions={
        <button type="button" class="button quiet small" onClick={() => setAsTable(!asTable)}>
          <Icon name={asTable ? 'schema' : 'table'} /> Show as {asTable ? 'diagram' : 'table'}
        </button>
      }
    >
      {asTable ? <AsTable graph={graph} history={history} /> : <Canvas graph={graph} history={history} />}
    </Card>
  );
}

function Canvas({ graph, history }: { graph: EntityGraph; history: string }) {
  const [withColumns, setWithColumns] = useState(graph.entities.length <= MANY);
  const layout = useMemo(() => layoutOf(graph, withColumns), [graph, withColumns]);
  const view = useViewBox(layout);
  const { table, q = '' } = route.value.query;
  const selected = table !== undefined && layout.tables.has(table) ? table : undefined;
  const { x, y, scale } = view.box;
  const wanted = q.toLowerCase();
  const found = graph.entities
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => a.label.localeCompare(b.label));

  const onSelect = useCallback((name: string | undefined) => change({ table: name }, true), []);
  const show = (name: string) => {
    const box = layout.tables.get(name);
    onSelect(name);
    if (box) view.fit({ x: box.x - 420, y: box.y - 220, width: box.width + 840, height: box.height + 440 });
  };
  // Seen from afar names grow; in steps, so that not every turn of the wheel draws all of it again.
  const nameSize = scale > 0.8 ? 13 : scale > 0.62 ? 15 : 19;
  const titleSize = Math.min(30, scale > 0.8 ? 18 : scale > 0.4 ? 26 : 30);
  return (
    <div class="er">
      <div class="er-side">
        <SearchField
          label="Search tables"
          placeholder="Table"
          value={q}
          onSearch={(text) => change({ q: text || undefined }, true)}
        />
        {found.length === 0 ? (
          <Empty title="No table fits" />
        ) : (
          <ul class="plain-list er-list" aria-label="Tables">
            {found.map(({ name, label }) => (
              <li key={name}>
                <button
                  type="button"
                  class="queue-row"
                  aria-current={name === selected ? 'true' : undefined}
                  onClick={() => show(name)}
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div class="er-main">
        <div class="er-tools">
          <label class="check er-check">
            <input
              type="checkbox"
              checked={withColumns}
              onChange={({ currentTarget }) => {
                setWithColumns(currentTarget.checked);
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
        {/* biome-ignore lint/a11y/useSemanticElements: it groups nothing that one fills in */}
        <div
          class="er-frame"
          ref={view.ref}
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys, + and - move and zoom what is seen
          tabIndex={0}
          aria-label="Diagram: arrow keys move it, plus and minus zoom, 0 shows all"
          onPointerDown={view.onPointerDown}
          onKeyDown={view.onKeyDown}
        >
          <svg
            class={withColumns && scale < 0.45 ? 'er-names' : ''}
            role="img"
            aria-label={`${count(graph.entities.length)} tables in ${count(layout.clusters.length)} groups; the table view says the same`}
            viewBox={`${x} ${y} ${view.frame.width / scale} ${view.frame.height / scale}`}
            style={{ '--er-unit': `${1 / scale}px` }}
          >
            <Drawing
              layout={layout}
              selected={selected}
              nameSize={nameSize}
              titleSize={titleSize}
              onSelect={onSelect}
            />
          </svg>
        </div>
        {selected !== undefined && (
          <Selected graph={graph} table={selected} history={history} onShow={show} />
        )}
      </div>
    </div>
  );
}

interface SelectedProps {
  graph: EntityGraph;
  table: string;
  history: string;
  onShow: (table: string) => void;
}

/** What the selected table refers to and is referred to by, each a way there. */
function Selected({ graph, table, history, onShow }: SelectedProps) {
  const names = (which: 'from' | 'to') => {
    const other = which === 'from' ? 'to' : 'from';
    return [...new Set(graph.references.filter((one) => one[which] === table).map((one) => one[other]))];
  };
  const list = (title: string, tables: readonly string[]) =>
    tables.length > 0 && (
      <p>
        {title}{' '}
        {tables.map((name, i) => (
          <span key={name}>
            {i > 0 && ', '}
            <button type="button" class="link" onClick={() => onShow(name)}>
              {name}
            </button>
          </span>
        ))}
      </p>
    );
  return (
    <section class="er-selection" aria-label="Selected table">
      <p>
        <strong>{table}</strong>{' '}
        <Link to={href(['schema'], { view: 'tables', history, table })} class="in-text">
          Columns and history
        </Link>
      </p>
      {list('Refers to', names('from'))}
      {list('Referred to by', names('to'))}
    </section>
  );
}

/** The same without a drawing. */
function AsTable({ graph: { entities, references }, history }: { graph: EntityGraph; history: string }) {
  const names = (table: string, which: 'from' | 'to') => {
    const other = which === 'from' ? 'to' : 'from';
    return [...new Set(references.filter((one) => one[which] === table).map((one) => one[other]))].join(', ');
  };
  return (
    <DataTable
      caption="Tables and what they refer to"
      rows={[...entities].sort((a, b) => a.name.localeCompare(b.name))}
      shown={100}
      keyOf={({ name }) => name}
      columns={[
        {
          head: 'Table',
          cell: ({ name }) => (
            <Link to={href(['schema'], { view: 'tables', history, table: name })}>{name}</Link>
          ),
        },
        { head: 'Columns', cell: ({ columns }) => count(columns.length), numeric: true, secondary: true },
        { head: 'Refers to', cell: ({ name }) => names(name, 'from'), class: 'says' },
        { head: 'Referred to by', cell: ({ name }) => names(name, 'to'), class: 'says' },
      ]}
    />
  );
}
