import type { Column, Relation } from '../../core/contract/database-schema.ts';
import { sentence, words } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { relationName } from './diagram/references.ts';

/** One table with all that belongs to it. */
export function TableView({ relation }: { relation: Relation }) {
  const { columns, constraints, indexes, triggers, policies, kind, comment, definition } = relation;
  const own = indexes.filter(({ constraint }) => !constraint);
  return (
    <Card
      title={relationName(relation)}
      note={`${sentence(words(kind))}, ${plural(columns.length, 'column')}${comment ? `: ${comment}` : ''}`}
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
