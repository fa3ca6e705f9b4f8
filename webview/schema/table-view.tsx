import type { Column, Relation } from '../../core/contract/database-schema.ts';
import { sentence, words } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { change, href } from '../routing/router.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { relationName } from './diagram/references.ts';

interface TableViewProps {
  relation: Relation;
  /** Id of the history it belongs to. */
  history: string;
}

/** One table with all that belongs to it. */
export function TableView({ relation, history }: TableViewProps) {
  const { columns, constraints, indexes, triggers, policies, kind, comment, definition } = relation;
  const own = indexes.filter(({ constraint }) => !constraint);
  return (
    <Card
      title={relationName(relation)}
      note={`${sentence(words(kind))}, ${plural(columns.length, 'column')}${comment ? `: ${comment}` : ''}`}
      actions={
        <>
          <button
            type="button"
            class="button quiet small all-tables"
            onClick={() => change({ table: undefined })}
          >
            All tables
          </button>
          <Link
            to={href(['schema'], { view: 'diagram', history, table: relationName(relation) })}
            class="button quiet small"
          >
            In the diagram
          </Link>
        </>
      }
    >
      <DataTable
        caption={`Columns of ${relationName(relation)}`}
        rows={columns}
        keyOf={({ name }) => name}
        columns={[
          { head: 'Column', cell: ({ name }) => <code>{name}</code>, class: 'subject' },
          { head: 'Type', cell: ({ type }) => <code>{type}</code> },
          { head: 'NULL', cell: ({ nullable }) => (nullable ? 'allowed' : 'no') },
          { head: 'Default', cell: defaultOf, class: 'says', secondary: true },
        ]}
      />
      <Definitions title="Constraints" rows={constraints} />
      <Definitions title="Indexes" rows={own} />
      <Definitions title="Triggers" rows={triggers} />
      <Definitions
        title="Policies"
        rows={policies.map(({ name, command, using, check }) => ({
          name,
          definition: [command, using && `USING (${using})`, check && `WITH CHECK (${check})`]
            .filter(Boolean)
            .join(' '),
        }))}
      />
      {definition && columns.length > 0 && kind.includes('view') && (
        <Definitions title="Query" rows={[{ name: relation.name, definition }]} />
      )}
    </Card>
  );
}

function defaultOf({ expression, generated, identity }: Column) {
  if (identity) return `identity ${identity}`;
  if (!expression) return '';
  return (
    <code>
      {generated ? 'generated: ' : ''}
      {expression}
    </code>
  );
}

function Definitions({
  title,
  rows,
}: {
  title: string;
  rows: readonly { name: string; definition: string }[];
}) {
  if (rows.length === 0) return null;
  return (
    <div class="definitions">
      <DataTable
        caption={title}
        rows={rows}
        shown={20}
        keyOf={({ name }) => name}
        columns={[
          { head: title, cell: ({ name }) => <code>{name}</code>, class: 'subject' },
          { head: 'Definition', cell: ({ definition }) => <code>{definition}</code>, class: 'says' },
        ]}
      />
    </div>
  );
}
