import type { Relation } from '../../core/contract/database-schema.ts';
import { sentence, words } from '../format/names.ts';
import { count } from '../format/numbers.ts';
import { day } from '../format/time.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable, type Column as TableColumn } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Empty } from '../ui/states.tsx';
import { relationName } from './diagram/references.ts';
import { idOf } from './histories.ts';
import type { HistoryViewProps } from './page.tsx';
import { TableView } from './table-view.tsx';
import { TableHistory } from './versions.tsx';

/** The tables and views of a version; one of them with its columns and its history. */
export function SchemaTables({ history, versions }: HistoryViewProps) {
  const client = useClient();
  const { at = 'latest', table, q = '' } = route.value.query;
  const { workspace, history: folder } = history;
  const query = useQuery(`schema ${idOf(history)} ${at}`, () =>
    client.call('schema.get', { workspace, history: folder, at }),
  );
  return (
    <div class="schema">
      <div class="inline-form">
        <SearchField
          label="Search tables"
          placeholder="Table or column"
          value={q}
          onSearch={(text) => change({ q: text || undefined }, true)}
        />
        <label>
          As of{' '}
          <select value={at} onChange={({ currentTarget }) => change({ at: latestOr(currentTarget.value) })}>
            <option value="latest">the newest version</option>
            {versions.map(({ version, migration, at: when }) => (
              <option key={`${version} ${migration}`} value={migration}>
                {version}, {day(when)}, {migration}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={query} lines={8}>
        {({ schema }) => {
          const opened = schema.relations.find((relation) => relationName(relation) === table);
          return (
            <div class={table === undefined ? '' : 'table-and-list'}>
              <TableList relations={schema.relations} search={q} opened={table} />
              {table !== undefined && (
                <div class="schema">
                  {opened ? (
                    <TableView relation={opened} history={idOf(history)} />
                  ) : (
                    <Card title={table}>
                      <Empty title="It is not in this version">
                        <button type="button" class="button" onClick={() => change({ table: undefined })}>
                          All tables
                        </button>
                      </Empty>
                    </Card>
                  )}
                  <TableHistory history={history} versions={versions} table={table} />
                </div>
              )}
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}

function latestOr(moment: string): string | undefined {
  return moment === 'latest' ? undefined : moment;
}

const FACTS: readonly TableColumn<Relation>[] = [
  { head: 'Kind', cell: ({ kind }) => sentence(words(kind)), secondary: true },
  { head: 'Columns', cell: ({ columns }) => count(columns.length), numeric: true },
  { head: 'Indexes', cell: ({ indexes }) => count(indexes.length), numeric: true, secondary: true },
];

interface TableListProps {
  relations: readonly Relation[];
  search: string;
  opened: string | undefined;
}

function TableList({ relations, search, opened }: TableListProps) {
  const wanted = search.toLowerCase();
  const found = relations
    .filter(
      (relation) =>
        relationName(relation).toLowerCase().includes(wanted) ||
        relation.columns.some(({ name }) => name.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => relationName(a).localeCompare(relationName(b)));
  return (
    <Card
      title="Tables and views"
      note={`${count(found.length)} of ${count(relations.length)}`}
      class="table-list"
    >
      {found.length === 0 ? (
        <Empty title={relations.length === 0 ? 'The schema is empty' : 'No table fits'} />
      ) : (
        <DataTable
          caption="Tables and views"
          rows={found}
          shown={100}
          keyOf={relationName}
          columns={[
            {
              head: 'Name',
              cell: (relation) => (
                <button
                  type="button"
                  class="link"
                  aria-pressed={relationName(relation) === opened}
                  onClick={() =>
                    change({ table: relationName(relation) === opened ? undefined : relationName(relation) })
                  }
                >
                  {relationName(relation)}
                </button>
              ),
            },
            // Beside a table that is open only the names have room.
            ...(opened === undefined ? FACTS : []),
          ]}
        />
      )}
    </Card>
  );
}
