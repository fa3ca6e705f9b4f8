import { count } from '../format/numbers.ts';
import { change, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { HowToImport } from '../ui/how-to-import.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useView } from '../ui/view.ts';
import { CompareSchemas } from './compare.tsx';
import { Diagram } from './diagram/diagram.tsx';
import { LiveDrift } from './drift.tsx';
import { chosenHistory, type History, historiesOf, idOf, nameOf, type Version } from './histories.ts';
import './schema.css';
import { SchemaTables } from './tables.tsx';
import { Versions } from './versions.tsx';

/** More versions than this are not listed; the page says so. */
const MOST = 1_000;

/** A schema over time: its versions, what differs between two, its tables, and how they refer to each other. */
export function SchemaPage() {
  const client = useClient();
  const query = useQuery('schema versions', () => client.call('schema.versions', { limit: MOST }));
  return (
    <Loaded query={query} lines={10}>
      {({ items, total }) => <Known versions={items} total={total} />}
    </Loaded>
  );
}

/** What every view of a history is given. */
export interface HistoryViewProps {
  history: History;
  /** Newest first. */
  versions: readonly Version[];
}

function Known({ versions, total }: { versions: readonly Version[]; total: number }) {
  const [view, choose] = useView(['versions', 'compare', 'tables', 'diagram', 'drift']);
  const history = chosenHistory(versions, route.value.query.history);
  if (!history)
    return (
      <Empty title="No schema is known yet">
        <HowToImport />
        <p>Each migration then makes a version.</p>
      </Empty>
    );
  const own = versions.filter((version) => idOf(version) === idOf(history));
  const histories = historiesOf(versions);
  const given = { history, versions: own, key: idOf(history) };
  return (
    <>
      {histories.length > 1 && (
        <label class="history-choice">
          History{' '}
          <select
            value={idOf(history)}
            onChange={({ currentTarget }) =>
              change({
                history: currentTarget.value,
                from: undefined,
                to: undefined,
                table: undefined,
                at: undefined,
              })
            }
          >
            {histories.map((one) => (
              <option key={idOf(one)} value={idOf(one)}>
                {nameOf(one)} ({one.dialect})
              </option>
            ))}
          </select>
        </label>
      )}
      <Tabs
        label="Schema"
        current={view}
        onChoose={choose}
        tabs={[
          { id: 'versions', title: 'Versions', count: count(own.length) },
          { id: 'compare', title: 'Compare' },
          { id: 'tables', title: 'Tables' },
          { id: 'diagram', title: 'Diagram' },
          { id: 'drift', title: 'Live database' },
        ]}
      >
        {total > versions.length && (
          <p class="note">
            These are the latest {count(versions.length)} of {count(total)} versions; earlier ones can be
            named under “Compare”.
          </p>
        )}
        {view === 'versions' && <Versions {...given} />}
        {view === 'compare' && <CompareSchemas {...given} />}
        {view === 'tables' && <SchemaTables {...given} />}
        {view === 'diagram' && <Diagram {...given} />}
        {view === 'drift' && <LiveDrift {...given} />}
      </Tabs>
    </>
  );
}
