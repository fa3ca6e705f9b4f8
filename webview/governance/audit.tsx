import { useState } from 'preact/hooks';
import type { AuditVerdict } from '../../core/contract/governance.ts';
import { count, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { change, href, route } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { usePaged } from '../state/paged.ts';
import { useQuery } from '../state/query.ts';
import { range, rangeStart } from '../state/timeframe.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { LoadedPages } from '../ui/loaded-pages.tsx';
import { Empty } from '../ui/states.tsx';
import { useAction } from '../ui/use-action.ts';
import { SUBJECTS } from './subjects.ts';

/** Who changed what, and the proof that nothing was changed or taken out since. */
export function Audit() {
  return (
    <div class="governance">
      <Proof />
      <Trail />
    </div>
  );
}

function Proof() {
  const client = useClient();
  const query = useQuery('audit proof', () => client.call('audit.verify', {}));
  const [kept, setKept] = useState('');
  const [since, setSince] = useState<AuditVerdict>();
  const verify = useAction(async () => {
    setSince(undefined);
    setSince(await client.call('audit.verify', { head: kept.trim() }));
  });
  return (
    <Card title="Proof" note="Each entry holds the hash of the one before it: a change shows from there on">
      <Loaded query={query} lines={3}>
        {(verdict) => (
          <>
            <Verdict verdict={verdict} />
            {verdict.head && (
              <div class="head-hash">
                <span>Hash of the newest entry</span> <code>{verdict.head}</code>
                <CopyButton text={verdict.head} label="Copy" />
              </div>
            )}
          </>
        )}
      </Loaded>
      <form
        class="inline-form proof-form"
        onSubmit={(event) => {
          event.preventDefault();
          verify.run();
        }}
      >
        <label>
          A hash that you kept earlier{' '}
          <input
            type="text"
            class="mono hash-input"
            value={kept}
            onInput={({ currentTarget }) => setKept(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" disabled={verify.busy || kept.trim() === ''}>
          {verify.busy ? 'Checking' : 'Check that it is still in the trail'}
        </button>
      </form>
      <ActionError error={verify.error} />
      {since && <Verdict verdict={since} />}
    </Card>
  );
}

function Verdict({ verdict: { intact, entries, firstBroken, message } }: { verdict: AuditVerdict }) {
  return (
    <p class={`judgement tone-${intact ? 'ok' : 'error'}`} role="status">
      <Icon name={intact ? 'ok' : 'error'} />
      <span>
        {intact ? 'Intact' : 'Not intact'}: {plural(entries, 'entry', 'entries')}
        {firstBroken === undefined ? '' : `, broken from entry ${count(firstBroken)} on`}. {message}
      </span>
    </p>
  );
}

function Trail() {
  const client = useClient();
  const { method, user } = route.value.query;
  const from = rangeStart(range.value, Date.now());
  const filter = {
    ...(method ? { method } : {}),
    ...(user ? { user } : {}),
    ...(from ? { from } : {}),
  };
  const pages = usePaged(`audit ${JSON.stringify(filter)}`, (cursor) =>
    client.call('audit.list', { ...filter, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
  );
  return (
    <Card title="Audit trail" note="Newest first; times in UTC">
      <div class="inline-form trail-filters">
        <label>
          About{' '}
          <select
            value={method ?? ''}
            onChange={({ currentTarget }) => change({ method: currentTarget.value || undefined })}
          >
            <option value="">everything</option>
            {Object.entries(SUBJECTS).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            {method !== undefined && !(method in SUBJECTS) && <option value={method}>{method}</option>}
          </select>
        </label>
        <label>
          Who{' '}
          <input
            type="search"
            value={user ?? ''}
            placeholder="dev-…"
            onChange={({ currentTarget }) => change({ user: currentTarget.value.trim() || undefined })}
          />
        </label>
        <button type="button" class="button" onClick={pages.again}>
          <Icon name="retry" /> Refresh
        </button>
      </div>
      <LoadedPages paged={pages}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={method || user || from ? 'No entry fits' : 'Nothing was changed yet'}>
              <p>Feedback, training, settings, keys, erasures and exports leave an entry.</p>
            </Empty>
          ) : (
            <DataTable
              caption="Audit trail"
              rows={items}
              keyOf={({ eventId }) => eventId}
              columns={[
                {
                  head: 'When (UTC)',
                  cell: ({ at, eventId }) => (
                    <Link to={href(['events'], { event: eventId })}>{dateTime(at)}</Link>
                  ),
                },
                { head: 'What', cell: (entry) => <code>{entry.method}</code> },
                { head: 'Detail', cell: ({ detail }) => detail ?? '', class: 'says', secondary: true },
                { head: 'Who', cell: (entry) => entry.user ?? entry.role },
                { head: 'Via', cell: ({ via }) => via, secondary: true },
                { head: 'Result', cell: ({ result }) => result },
                {
                  head: 'Hash',
                  cell: ({ hash }) => <code title={hash}>{hash.slice(0, 8)}</code>,
                  secondary: true,
                },
              ]}
            />
          )
        }
      </LoadedPages>
    </Card>
  );
}
