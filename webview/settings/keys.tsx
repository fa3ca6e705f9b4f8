import { useState } from 'preact/hooks';
import { ROLES, type Role } from '../../core/contract/methods.ts';
import { sentence } from '../format/names.ts';
import { day } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { useAction } from '../ui/use-action.ts';

const MAY: Record<Role, string> = {
  viewer: 'reads everything',
  recorder: 'also records events and outcomes',
  reviewer: 'also gives feedback, trains, handles alerts',
  admin: 'also changes settings, keys and models, erases',
};

const DAY = 86_400_000;

/** Keys for programs and colleagues: made, listed, revoked. A secret is seen once. */
export function Keys() {
  const client = useClient();
  const query = useQuery('keys', () => client.call('keys.list', {}));
  const [made, setMade] = useState<{ name: string; secret: string }>();
  const revoke = useAction(async (id: string, name: string) => {
    await client.call('keys.revoke', { id });
    query.again();
    toast(`Key ${name} is revoked; whoever used it is refused from now on`);
  });
  return (
    <div class="settings-form">
      {made && (
        <Card
          title={`Secret of ${made.name}`}
          note="It is shown this once and cannot be shown again"
          class="secret"
        >
          <div class="head-hash">
            <code>{made.secret}</code>
            <CopyButton text={made.secret} label="Copy" />
            <button type="button" class="button small" onClick={() => setMade(undefined)}>
              I have it
            </button>
          </div>
        </Card>
      )}
      <Card title="Keys" note="For programs and colleagues that reach the API; times in UTC">
        <ActionError error={revoke.error} />
        <Loaded query={query} lines={4}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No keys">
                <p>Whoever runs the engine needs none.</p>
              </Empty>
            ) : (
              <DataTable
                caption="Keys"
                rows={items}
                shown={20}
                keyOf={({ id }) => id}
                columns={[
                  { head: 'Name', cell: ({ name }) => name, class: 'subject' },
                  { head: 'Role', cell: ({ role }) => sentence(role) },
                  { head: 'Made', cell: ({ createdAt }) => day(createdAt), numeric: true, secondary: true },
                  {
                    head: 'Last used',
                    cell: ({ lastUsedAt }) => (lastUsedAt ? day(lastUsedAt) : 'never'),
                    numeric: true,
                    secondary: true,
                  },
                  {
                    head: 'Ends',
                    cell: ({ expiresAt }) => (expiresAt ? day(expiresAt) : 'never'),
                    numeric: true,
                  },
                  {
                    head: 'Revoke',
                    headHidden: true,
                    cell: ({ id, name }) => (
                      <Revoke name={name} busy={revoke.busy} onRevoke={() => revoke.run(id, name)} />
                    ),
                    numeric: true,
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Card>
      <NewKey
        onMade={(name, secret) => {
          setMade({ name, secret });
          query.again();
        }}
      />
      <Card title="Roles" note="Each may do what the ones before it may do">
        <dl class="fields">
          {ROLES.map((role) => (
            <div class="field" key={role}>
              <dt>{sentence(role)}</dt>
              <dd>{MAY[role]}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </div>
  );
}

/** A revoked key cannot be given back, so this one asks: a second press within the row. */
function Revoke({ name, busy, onRevoke }: { name: string; busy: boolean; onRevoke: () => void }) {
  const [sure, setSure] = useState(false);
  if (!sure)
    return (
      <button type="button" class="button small" aria-label={`Revoke ${name}`} onClick={() => setSure(true)}>
        Revoke
      </button>
    );
  return (
    <span class="sure">
      <button type="button" class="button small danger" disabled={busy} onClick={onRevoke}>
        Revoke for good
      </button>
      <button type="button" class="button quiet small" onClick={() => setSure(false)}>
        Keep
      </button>
    </span>
  );
}

function NewKey({ onMade }: { onMade: (name: string, secret: string) => void }) {
  const client = useClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState('90');
  const create = useAction(async () => {
    const { key, secret } = await client.call('keys.create', {
      name: name.trim(),
      role,
      ...(days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY).toISOString() }),
    });
    setName('');
    onMade(key.name, secret);
  });
  return (
    <Card title="New key" note="Give it the least role that is enough">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          create.run();
        }}
      >
        <label>
          Name{' '}
          <input
            type="text"
            maxLength={100}
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <label>
          Role{' '}
          <select value={role} onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}>
            {ROLES.map((one) => (
              <option key={one} value={one}>
                {sentence(one)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Ends{' '}
          <select value={days} onChange={({ currentTarget }) => setDays(currentTarget.value)}>
            <option value="7">in 7 days</option>
            <option value="90">in 90 days</option>
            <option value="365">in a year</option>
            <option value="">never</option>
          </select>
        </label>
        <button type="submit" class="button primary" disabled={create.busy || name.trim() === ''}>
          <Icon name="plus" /> Make the key
        </button>
      </form>
      <ActionError error={create.error} />
    </Card>
  );
}
