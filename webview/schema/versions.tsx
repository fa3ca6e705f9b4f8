import { useState } from 'preact/hooks';
import { count } from '../format/numbers.ts';
import { day } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { change, href, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Empty } from '../ui/states.tsx';
import { idOf, type Version } from './histories.ts';
import { LEVELS, type Level, LevelBadge, levelOf } from './level.tsx';
import type { HistoryViewProps } from './page.tsx';

const STEP = 40;
const SHORT = 8;

/** The versions, newest first, each with how it moved and why. */
export function Versions({ history, versions }: HistoryViewProps) {
  const { level, q = '' } = route.value.query;
  const [shown, setShown] = useState(STEP);
  const asked = level && level in LEVELS ? (level as Level) : undefined;
  const wanted = q.toLowerCase();
  const found = versions.filter(
    (version) =>
      (asked === undefined || version.changes[asked] > 0) &&
      (wanted === '' ||
        [version.version, version.migration, ...version.reasons].some((text) =>
          text.toLowerCase().includes(wanted),
        )),
  );
  return (
    <Card title="Versions" note="Newest first; days in UTC, as the migrations were written">
      <div class="inline-form timeline-filters">
        <SearchField
          label="Search versions"
          placeholder="Migration, version or reason"
          value={q}
          onSearch={(text) => change({ q: text || undefined }, true)}
        />
        <div class="toggles">
          {(Object.keys(LEVELS) as Level[]).map((one) => (
            <button
              key={one}
              type="button"
              class="toggle"
              aria-pressed={asked === one}
              title={LEVELS[one].meaning}
              onClick={() => change({ level: asked === one ? undefined : one })}
            >
              {LEVELS[one].name}{' '}
              <span class="text-quiet">
                {count(versions.filter(({ changes }) => changes[one] > 0).length)}
              </span>
            </button>
          ))}
        </div>
      </div>
      {found.length === 0 ? (
        <Empty title="No version fits" />
      ) : (
        <VersionList shown={found.slice(0, shown)} versions={versions} history={idOf(history)} />
      )}
      {found.length > shown && (
        <button type="button" class="button quiet more" onClick={() => setShown(shown + 5 * STEP)}>
          Show {count(Math.min(found.length - shown, 5 * STEP))} more
        </button>
      )}
    </Card>
  );
}

/** The versions that changed a table. */
export function TableHistory({ history, versions, table }: HistoryViewProps & { table: string }) {
  const client = useClient();
  const [all, setAll] = useState(false);
  const { workspace, history: folder } = history;
  const query = useQuery(`history of ${idOf(history)} ${table}`, () =>
    client.call('schema.versions', { workspace, history: folder, table, limit: 200 }),
  );
  return (
    <Card title="Its history" note="Versions that changed this table, newest first; days in UTC">
      <Loaded query={query} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No version changed it" />
          ) : (
            <>
              <VersionList
                shown={items.slice(0, all ? items.length : SHORT)}
                versions={versions}
                history={idOf(history)}
              />
              {items.length > SHORT && (
                <button
                  type="button"
                  class="button quiet more"
                  aria-expanded={all}
                  onClick={() => setAll(!all)}
                >
                  {all ? 'Show fewer' : `Show ${count(items.length - SHORT)} more`}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

interface VersionListProps {
  shown: readonly Version[];
  /** All of the history, newest first: what a version is compared with is the one before it, shown or not. */
  versions: readonly Version[];
  history: string;
}

function VersionList({ shown, versions, history }: VersionListProps) {
  const before = ({ migration }: Version): string => {
    const at = versions.findIndex((one) => one.migration === migration);
    return (at < 0 ? undefined : versions[at + 1]?.migration) ?? 'empty';
  };
  return (
    <ol class="timeline">
      {shown.map((version) => {
        const level = levelOf(version);
        const { changes, reasons, migration, succeeded } = version;
        return (
          <li key={`${version.version} ${migration}`} class={`timeline-item timeline-${level ?? 'none'}`}>
            <div class="timeline-head">
              <Link
                to={href(['schema'], { view: 'compare', history, from: before(version), to: migration })}
                label={`What ${migration} changed`}
                class="timeline-version"
              >
                {version.version}
              </Link>
              <span class="timeline-name">{migration}</span>
              {level ? <LevelBadge level={level} /> : <span class="note">nothing changed</span>}
              <span class="note timeline-day">{day(version.at)}</span>
            </div>
            {level && (
              <p class="timeline-reasons">
                <span class="text-quiet">
                  {(Object.keys(LEVELS) as Level[])
                    .filter((one) => changes[one] > 0)
                    .map((one) => `${count(changes[one])} ${one}`)
                    .join(', ')}
                  {reasons.length > 0 && ': '}
                </span>
                {reasons.join('; ')}
              </p>
            )}
            {!succeeded && (
              <p class="mark tone-warning">
                <Icon name="warning" /> Not all of it worked in the shadow database
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
