import type { MigrationStory } from '../../core/contract/migration-story.ts';
import { workspaceName } from '../format/names.ts';
import { duration, percent, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import { OutcomeBadge } from './outcome.tsx';
import { PredictedAndActual } from './predicted.tsx';
import { Statements } from './statements.tsx';
import { Steps } from './steps.tsx';

/** One migration from its first edit to what people said of it. */
export function Story({ name }: { name: string }) {
  const client = useClient();
  const workspace = route.value.query.in;
  const query = useQuery(JSON.stringify([name, workspace]), () =>
    client.call('migrations.get', { name, ...(workspace ? { workspace } : {}) }),
  );
  return (
    <Loaded query={query} lines={14}>
      {(story) => <ToldStory story={story} />}
    </Loaded>
  );
}

function ToldStory({ story }: { story: MigrationStory }) {
  const { summary, steps, statements, similar } = story;
  return (
    <div class="migrations">
      <Headline story={story} />
      <div class="columns">
        <div class="column">
          <Card title="What happened" note="From the first edit to the outcome; times in UTC">
            {steps.length === 0 ? <Empty title="Nothing is recorded of it" /> : <Steps steps={steps} />}
          </Card>
          <Statements statements={statements} />
        </div>
        <div class="column">
          <PredictedAndActual story={story} />
          <Card
            title="Similar migrations"
            note="What is most like it, and how that went; other migrations teach the prediction"
          >
            {similar.length === 0 ? (
              <Empty title="Nothing like it is recorded yet" />
            ) : (
              <DataTable
                caption="Similar migrations"
                shown={8}
                rows={similar}
                keyOf={(one) => `${one.workspace} ${one.name}`}
                columns={[
                  {
                    head: 'Migration',
                    cell: (one) => (
                      <span class="migration-name">
                        <Link to={href(['migrations', one.name], { in: one.workspace })}>
                          <Wrapped name={one.name} />
                        </Link>
                        <span class="text-quiet">
                          {one.workspace === summary.workspace ? '' : `${workspaceName(one.workspace)}: `}
                          {one.because}
                        </span>
                      </span>
                    ),
                  },
                  { head: 'Outcome', cell: ({ outcome }) => <OutcomeBadge outcome={outcome} /> },
                  {
                    head: 'Took',
                    cell: ({ durationMs }) => (durationMs === undefined ? '–' : duration(durationMs)),
                    numeric: true,
                  },
                ]}
              />
            )}
          </Card>
        </div>
      </div>
    </div>
  );
}

/** The story in two lines. */
function Headline({ story: { summary } }: { story: MigrationStory }) {
  const { outcome, workspace, file, author, edits, runs, durationMs, accuracy, firstAt, tables } = summary;
  return (
    <div class="story-head">
      <p class="lead">
        <OutcomeBadge outcome={outcome} /> {workspaceName(workspace)}
        {file && (
          <>
            {' · '}
            <code>
              <Wrapped name={file} />
            </code>
          </>
        )}
        {author && (
          <>
            {' · by '}
            <span class="nowrap">{author}</span>
          </>
        )}{' '}
        · since <span class="nowrap">{dateTime(firstAt).slice(0, 16)} UTC</span>
      </p>
      <p class="lead">
        {plural(edits, 'edit')}, {plural(runs, 'run')}
        {durationMs !== undefined && `, took ${duration(durationMs)}`}
        {accuracy !== undefined && `, predicted ${percent(accuracy)} right`}
        {tables.length > 0 && (
          <>
            {' · touches '}
            {tables.slice(0, 6).map((table, i) => (
              <span key={table}>
                {i > 0 && ', '}
                <Link to={href(['migrations'], { table })}>
                  <Wrapped name={table} />
                </Link>
              </span>
            ))}
            {tables.length > 6 && ` and ${plural(tables.length - 6, 'more table', 'more tables')}`}
          </>
        )}
      </p>
    </div>
  );
}
