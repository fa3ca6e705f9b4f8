import type { Result } from '../../core/contract/methods.ts';
import { Sql } from '../event/sql.tsx';
import { sentence, words } from '../format/names.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/states.tsx';
import { LEVELS, type Level, LevelBadge } from './level.tsx';

interface DifferencesProps {
  diff: Pick<Result<'schema.diff'>, 'differences' | 'renames' | 'sql'>;
  dialect: string;
  title: string;
  /** `1.2.0 to 1.3.0` */
  between: string;
  sqlTitle: string;
}

/** What differs, by level; what may be renamings; the SQL from the one to the other where that can be written. */
export function Differences({ diff, dialect, title, between, sqlTitle }: DifferencesProps) {
  const { differences, renames, sql } = diff;
  const counts = (level: Level) => differences.filter((one) => one.level === level).length;
  const losing = differences.filter(({ losesData }) => losesData).length;
  if (differences.length === 0)
    return (
      <Card title={title}>
        <Empty title="No difference: the two schemas are equal" />
      </Card>
    );
  return (
    <div class="schema">
      <Card
        title={title}
        note={`From ${between}: ${(Object.keys(LEVELS) as Level[])
          .map((level) => `${count(counts(level))} ${level}`)
          .join(', ')}`}
      >
        {losing > 0 && (
          <p class="judgement tone-error">
            <Icon name="error" />
            <span>{plural(losing, 'difference loses', 'differences lose')} data.</span>
          </p>
        )}
        <DataTable
          caption="Differences"
          rows={[...differences].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level))}
          shown={50}
          keyOf={({ kind, object }, i) => `${kind} ${object} ${i}`}
          columns={[
            {
              head: 'What',
              cell: ({ kind, object }) => (
                <>
                  {sentence(words(kind))} <code>{object}</code>
                </>
              ),
              class: 'subject',
            },
            { head: 'Level', cell: ({ level }) => <LevelBadge level={level} /> },
            {
              head: 'What it means',
              cell: ({ consequence, losesData }) => (
                <>
                  {consequence}
                  {losesData && <strong class="text-error"> Loses data.</strong>}
                </>
              ),
              class: 'says',
            },
            { head: 'Lock', cell: ({ lock }) => lock ?? '', secondary: true },
            {
              head: 'Cost',
              cell: ({ cost }) =>
                cost === 'rewrite' ? 'rewrites the table' : cost === 'scan' ? 'reads the table' : '',
              secondary: true,
            },
          ]}
        />
      </Card>
      {renames.length > 0 && (
        <Card title="May be renamings" note="A DROP and an ADD lose what a RENAME keeps">
          <DataTable
            caption="May be renamings"
            rows={renames}
            keyOf={({ from: old, to: next }) => `${old} ${next}`}
            columns={[
              { head: 'What', cell: ({ what }) => sentence(what) },
              { head: 'From', cell: (row) => <code>{row.from}</code> },
              { head: 'To', cell: (row) => <code>{row.to}</code> },
              { head: 'Alike', cell: ({ likeness }) => percent(likeness), numeric: true },
            ]}
          />
        </Card>
      )}
      {sql ? (
        <Card title={sqlTitle} note="Read it before you run it: rows that do not fit make it fail">
          {sql.steps.length === 0 ? (
            <Empty title="No statement is needed" />
          ) : (
            <Sql
              title="Statements"
              sql={sql.steps.map((step) => `${step.sql.replace(/;?\s*$/, '')};`).join('\n')}
              firstLine={1}
            />
          )}
          {sql.steps.some(({ alone }) => alone) && (
            <p class="note">Some statements cannot run in a transaction with others.</p>
          )}
          {sql.left.length > 0 && (
            <>
              <h3>What the statements do not do</h3>
              <ul class="bullets">
                {sql.left.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </>
          )}
        </Card>
      ) : (
        <p class="note">
          SQL from the one to the other is written for PostgreSQL only; this history is {dialect}.
        </p>
      )}
    </div>
  );
}

const ORDER: readonly Level[] = ['breaking', 'additive', 'patch'];
