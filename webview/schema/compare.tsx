import { useState } from 'preact/hooks';
import type { Result } from '../../core/contract/methods.ts';
import { Sql } from '../event/sql.tsx';
import { sentence, words } from '../format/names.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { day } from '../format/time.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { idOf, type Version } from './histories.ts';
import { LEVELS, type Level, LevelBadge } from './level.tsx';
import type { HistoryViewProps } from './page.tsx';

type Diff = Result<'schema.diff'>;

/** Two moments of a schema: what differs, what that means, and the SQL from the one to the other. */
export function CompareSchemas({ history, versions }: HistoryViewProps) {
  const client = useClient();
  const [newest, second] = versions;
  const { from = second?.migration ?? 'empty', to = newest?.migration ?? 'latest' } = route.value.query;
  const { workspace, history: folder, dialect } = history;
  const query = useQuery(`diff ${idOf(history)} ${from} ${to}`, () =>
    client.call('schema.diff', { workspace, history: folder, from, to, sql: dialect === 'postgres' }),
  );
  return (
    <div class="schema">
      <Card
        title="Moments"
        note="A version, a migration, a day such as 2026-11-01 (as it stood at its end), latest or empty"
      >
        <div class="inline-form">
          <MomentField
            label="From"
            value={from}
            versions={versions}
            onValue={(moment) => change({ from: moment })}
          />
          <MomentField
            label="to"
            value={to}
            versions={versions}
            onValue={(moment) => change({ to: moment })}
          />
          <button type="button" class="button" onClick={() => change({ from: to, to: from })}>
            Swap
          </button>
        </div>
        <p class="note drift-note">
          Drift of a live database against the newest version:{' '}
          <code>aibos schema diff --url postgres://…</code>. The pages never hold the address of a database.
        </p>
      </Card>
      <Loaded query={query} lines={8}>
        {(diff) => <Differences diff={diff} dialect={dialect} />}
      </Loaded>
    </div>
  );
}

interface MomentFieldProps {
  label: string;
  value: string;
  versions: readonly Version[];
  onValue: (moment: string) => void;
}

/** A field with the migrations to choose from; anything else that names a moment can be typed. */
function MomentField({ label, value, versions, onValue }: MomentFieldProps) {
  const [typed, setTyped] = useState<string>();
  const id = `moments-${label}`;
  const done = (text: string) => {
    setTyped(undefined);
    if (text.trim() && text.trim() !== value) onValue(text.trim());
  };
  return (
    <label class="moment">
      {label}{' '}
      <input
        type="text"
        list={id}
        value={typed ?? value}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => done(currentTarget.value)}
      />
      <datalist id={id}>
        <option value="latest" />
        <option value="empty" />
        {versions.slice(0, 300).map(({ migration, version, at }) => (
          <option key={`${version} ${migration}`} value={migration}>
            {version}, {day(at)}
          </option>
        ))}
      </datalist>
    </label>
  );
}

function Differences({ diff, dialect }: { diff: Diff; dialect: string }) {
  const { differences, renames, sql, from, to } = diff;
  const counts = (level: Level) => differences.filter((one) => one.level === level).length;
  const losing = differences.filter(({ losesData }) => losesData).length;
  if (differences.length === 0)
    return (
      <Card title="Differences">
        <Empty title="No difference: the two schemas are equal" />
      </Card>
    );
  return (
    <div class="schema">
      <Card
        title="Differences"
        note={`${from ? from.version : 'empty'} to ${to ? to.version : 'empty'}: ${(
          Object.keys(LEVELS) as Level[]
        )
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
        <Card
          title="SQL from the one to the other"
          note="Read it before you run it: rows that do not fit make it fail"
        >
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
