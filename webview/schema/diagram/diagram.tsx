import { useMemo, useState } from 'preact/hooks';
import type { SchemaSnapshot } from '../../../core/contract/database-schema.ts';
import { count, plural } from '../../format/numbers.ts';
import { Link } from '../../routing/link.tsx';
import { href, route } from '../../routing/router.ts';
import { useClient } from '../../state/host.ts';
import { useQuery } from '../../state/query.ts';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Empty } from '../../ui/states.tsx';
import { idOf } from '../histories.ts';
import type { HistoryViewProps } from '../page.tsx';
import { Canvas } from './canvas.tsx';
import './diagram.css';
import { type EntityGraph, entityGraph } from './references.ts';

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
