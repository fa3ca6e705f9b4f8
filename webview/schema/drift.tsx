import { useState } from 'preact/hooks';
import { Environment } from '../../core/contract/event.ts';
import type { Result } from '../../core/contract/methods.ts';
import { plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Tone } from '../ui/status.tsx';
import { useAction } from '../ui/use-action.ts';
import { Differences } from './differences.tsx';
import { idOf } from './histories.ts';
import type { HistoryViewProps } from './page.tsx';

type Drift = Result<'schema.drift'>;

const EXAMPLES: Record<string, string> = {
  postgres: 'postgres://user:password@host/database',
  mysql: 'mysql://user:password@host/database',
  sqlite: 'sqlite:path/to/file.db',
};

/** A live database beside the newest version that its migrations give. The address lives in the field, and nowhere else. */
export function LiveDrift({ history }: HistoryViewProps) {
  const client = useClient();
  const [url, setUrl] = useState('');
  const [shown, setShown] = useState(false);
  const [environment, setEnvironment] = useState<Environment>();
  const [drift, setDrift] = useState<Drift>();
  const { workspace, history: folder, dialect } = history;
  const compare = useAction(async () => {
    setDrift(undefined);
    const which = { workspace, history: folder, sql: dialect === 'postgres' };
    setDrift(
      await client.call('schema.drift', { ...which, url: url.trim(), ...(environment && { environment }) }),
    );
  });
  return (
    <div class="schema">
      <Card title="Live database" note="Against the newest version that its migrations give; reads only">
        <form
          class="inline-form"
          autocomplete="off"
          onSubmit={(event) => {
            event.preventDefault();
            if (url.trim()) compare.run();
          }}
        >
          <label class="drift-url">
            <span class="visually-hidden">Address of the database</span>
            <input
              {...(shown ? { type: 'text' } : { type: 'password' })}
              value={url}
              required
              maxLength={4_000}
              autocomplete="off"
              spellcheck={false}
              placeholder={EXAMPLES[dialect] ?? EXAMPLES.postgres}
              onInput={({ currentTarget }) => setUrl(currentTarget.value)}
            />
          </label>
          <button type="button" class="button quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide' : 'Show'} address
          </button>
          <label>
            Environment{' '}
            <select
              value={environment ?? ''}
              onChange={({ currentTarget: { value } }) =>
                setEnvironment(value === '' ? undefined : (value as Environment))
              }
            >
              <option value="">as its name says</option>
              {Environment.enum.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button primary" disabled={compare.busy || !url.trim()}>
            {compare.busy ? 'Reading its schema' : 'Compare'}
          </button>
        </form>
        <p class="note drift-note">
          The address is used for this comparison and kept nowhere: not in this page’s address, not in the
          store, not in the trail. A user who may only read is enough. From a terminal:{' '}
          <code>aibos schema drift --url …</code>
        </p>
        <ActionError error={compare.error} />
        {drift && <Judgement drift={drift} />}
      </Card>
      {drift && drift.differences.length > 0 && (
        <Differences
          diff={drift}
          dialect={dialect}
          title="Differences"
          between={`what the migrations give (${drift.version.version}) to what ${drift.database} has`}
          sqlTitle="SQL that would make what the migrations give into what the database has"
          key={idOf(history)}
        />
      )}
    </div>
  );
}

const TONES: Record<Drift['result'], Tone> = { pass: 'ok', warn: 'warning', fail: 'error' };
const ICONS = { pass: 'ok', warn: 'warning', fail: 'error' } as const;

/** What it came to, what to do about it, and where it is recorded. */
function Judgement({ drift }: { drift: Drift }) {
  const { result, message, environment, server, checkedAt, leftOut, eventId } = drift;
  return (
    <div class="drift-result" role="status">
      <p class={`judgement tone-${TONES[result]}`}>
        <Icon name={ICONS[result]} />
        <strong>{message}.</strong>
      </p>
      <ul class="bullets">
        {whatToDo(drift).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p class="note">
        {server}, {environment}, read {dateTime(checkedAt)} UTC.
        {leftOut.length > 0 && ` Left out, since tools keep their books there: ${leftOut.join(', ')}.`}
      </p>
      <div>
        <Link to={href(['events'], { event: eventId })} class="button small">
          Open the recorded check
        </Link>
      </div>
    </div>
  );
}

function whatToDo({ result, waiting = 0, standsAt, version, database }: Drift): string[] {
  if (result === 'pass') return ['Nothing: it is what its migrations give. An alert about it has ended.'];
  if (result === 'warn')
    return [
      `Run the ${plural(waiting, 'migration')} after ${standsAt?.migration ?? 'that version'}, up to ${version.migration}; nothing was changed by hand.`,
    ];
  return [
    'Where the change in the database is wanted: write it as a migration (the SQL below is a beginning), and mark it there as run.',
    `Where it is not: take it back in ${database}, in the order that the differences allow, after a look at what loses data.`,
    'Then compare again: the alert ends when nothing differs.',
  ];
}
