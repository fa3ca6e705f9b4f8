import { useState } from 'preact/hooks';
import { day } from '../format/time.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Differences } from './differences.tsx';
import { idOf, type Version } from './histories.ts';
import type { HistoryViewProps } from './page.tsx';

/** Two moments of a schema: what differs, what that means, and the SQL from the one to the other. */
export function CompareSchemas({ history, versions }: HistoryViewProps) {
  const client = useClient();
  const [newest] = versions;
  // The last one that was another schema: many migrations move data only.
  const other = versions.find(({ hash }) => hash !== newest?.hash);
  const { from = other?.migration ?? 'empty', to = newest?.migration ?? 'latest' } = route.value.query;
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
      </Card>
      <Loaded query={query} lines={8}>
        {(diff) => (
          <Differences
            diff={diff}
            dialect={dialect}
            title="Differences"
            between={`${diff.from?.version ?? 'empty'} to ${diff.to?.version ?? 'empty'}`}
            sqlTitle="SQL from the one to the other"
          />
        )}
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
        {versions.map(({ migration, version, at }) => (
          <option key={`${version} ${migration}`} value={migration}>
            {version}, {day(at)}
          </option>
        ))}
      </datalist>
    </label>
  );
}
