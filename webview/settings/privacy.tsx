import type { PrivacyOverview } from '../../core/contract/governance.ts';
import { workspaceName } from '../format/names.ts';
import { bytes, count, plural } from '../format/numbers.ts';
import { day } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { Badge } from '../ui/status.tsx';
import { Erase } from './erase.tsx';
import { ExportButton } from './export.tsx';

/** What is stored, about whom, for how long; and how to take it away or erase it. */
export function Privacy() {
  const client = useClient();
  const query = useQuery('privacy', () => client.call('privacy.get', {}));
  return (
    <Loaded query={query} lines={10}>
      {(overview) => <Stored overview={overview} onErased={query.again} />}
    </Loaded>
  );
}

function Stored({ overview, onErased }: { overview: PrivacyOverview; onErased: () => void }) {
  const { dataFolder, bytes: size, events, from, to, me, people, workspaces, retentionDays } = overview;
  const mine = people.find(({ user }) => user === me);
  return (
    <div class="settings-form">
      <div class="pair">
        <Card
          title="About you"
          note={me ? 'Stored under a pseudonym; its key never leaves the data folder' : 'Nobody is named'}
          actions={me && <ExportButton user={me} label="Export" />}
        >
          {mine ? (
            <dl class="fields">
              <Fact name="Pseudonym" value={<code>{mine.user}</code>} />
              <Fact name="Events" value={count(mine.events)} />
              <Fact name="Period (UTC)" value={`${day(mine.from)} to ${day(mine.to)}`} />
            </dl>
          ) : (
            <Empty title="Nothing is stored about you" />
          )}
          {mine && (
            <p>
              <Link to={href(['events'], { text: mine.user })}>Show your events</Link>
            </p>
          )}
        </Card>
        <Card title="The data folder" actions={<ExportButton label="Export everything" />}>
          <dl class="fields">
            <Fact name="Folder" value={<code>{dataFolder}</code>} />
            <Fact name="Size" value={bytes(size)} />
            <Fact name="Events" value={count(events)} />
            {from && to && <Fact name="Period (UTC)" value={`${day(from)} to ${day(to)}`} />}
            <Fact
              name="Kept"
              value={
                <>
                  {retentionDays === undefined ? 'for ever' : `for ${plural(retentionDays, 'day')}`} ·{' '}
                  <Link to={href(['settings'], { view: 'engine' })} class="in-text">
                    change
                  </Link>
                </>
              }
            />
          </dl>
        </Card>
      </div>
      <div class="pair">
        <Card title="Leaves this machine">
          {overview.leavesTheMachine.length === 0 ? (
            <p class="judgement tone-ok">
              <Icon name="ok" />
              <span>Nothing. Everything stays in the data folder.</span>
            </p>
          ) : (
            <ul class="bullets">
              {overview.leavesTheMachine.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
        </Card>
        <Card title="Taken out before anything is stored">
          <ul class="bullets">
            {overview.redaction.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Card>
      </div>
      <Card title="People and workspaces" note="Whose events are stored; times in UTC">
        {people.length + workspaces.length === 0 ? (
          <Empty title="Nobody’s events and no workspace’s are stored yet" />
        ) : (
          <div class="columns">
            <DataTable
              caption="People"
              rows={people}
              shown={10}
              keyOf={({ user }) => user}
              columns={[
                {
                  head: 'Pseudonym',
                  cell: ({ user }) => (
                    <>
                      <code>{user}</code> {user === me && <Badge tone="info">You</Badge>}
                    </>
                  ),
                },
                { head: 'Events', cell: (row) => count(row.events), numeric: true },
                { head: 'Last', cell: (row) => day(row.to), numeric: true, secondary: true },
              ]}
            />
            <DataTable
              caption="Workspaces"
              rows={workspaces}
              shown={10}
              keyOf={({ workspace }) => workspace}
              columns={[
                { head: 'Workspace', cell: ({ workspace }) => workspaceName(workspace), class: 'subject' },
                { head: 'Events', cell: (row) => count(row.events), numeric: true },
              ]}
            />
          </div>
        )}
      </Card>
      <Erase overview={overview} onErased={onErased} />
    </div>
  );
}

function Fact({ name, value }: { name: string; value: preact.ComponentChildren }) {
  return (
    <div class="field">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
