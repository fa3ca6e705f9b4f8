import { useState } from 'preact/hooks';
import { ALERT_KINDS, type AlertAction, type AlertKind } from '../../core/contract/alert.ts';
import type { Settings } from '../../core/contract/governance.ts';
import { SEVERITY_NAMES, sentence, words } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/states.tsx';
import { useSave } from './use-save.ts';

interface AlertsProps {
  settings: Settings;
  onSaved: () => void;
}

const DOES: Record<AlertAction['do'], string> = {
  notify: 'Show a notification',
  webhook: 'Call an address',
  command: 'Run a command',
  'block-next-run': 'Block the next run',
};

const SEVERITIES = Object.keys(SEVERITY_NAMES) as AlertAction['leastSeverity'][];

/** Which kinds of alerts are heard, and what they set off. */
export function Alerts({ settings, onSaved }: AlertsProps) {
  const save = useSave(settings, onSaved);
  const { mutedAlerts, alertActions } = settings;
  const mute = (kind: AlertKind, muted: boolean) =>
    save.run(
      { mutedAlerts: muted ? [...mutedAlerts, kind] : mutedAlerts.filter((one) => one !== kind) },
      `${nameOf(kind)}: ${muted ? 'muted' : 'heard again'}`,
    );
  const change = (actions: AlertAction[], said: string) => save.run({ alertActions: actions }, said);
  return (
    <div class="settings-form">
      <ActionError error={save.error} />
      <Card title="Kinds of alerts" note="Those that are switched off are kept, but not shown">
        <ul class="choices kinds">
          {ALERT_KINDS.map((kind) => (
            <li key={kind}>
              <label>
                <input
                  type="checkbox"
                  checked={!mutedAlerts.includes(kind)}
                  disabled={save.busy}
                  onChange={({ currentTarget }) => mute(kind, !currentTarget.checked)}
                />
                {nameOf(kind)}
              </label>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="What alerts set off" note="Nothing unless you add it; rate-limited and in the audit trail">
        {alertActions.length === 0 ? (
          <Empty title="Alerts set nothing off" />
        ) : (
          <DataTable
            caption="What alerts set off"
            rows={alertActions}
            keyOf={({ id }) => id}
            columns={[
              {
                head: 'Does',
                cell: (action) => (
                  <>
                    {DOES[action.do]} {action.target && <code>{action.target}</code>}
                  </>
                ),
                class: 'subject',
              },
              {
                head: 'On',
                cell: ({ kinds }) => (kinds.length === 0 ? 'every kind' : kinds.map(nameOf).join(', ')),
                secondary: true,
              },
              { head: 'From', cell: ({ leastSeverity }) => SEVERITY_NAMES[leastSeverity] },
              {
                head: 'At most',
                cell: ({ mostPerHour }) => `${mostPerHour} an hour`,
                numeric: true,
                secondary: true,
              },
              {
                head: 'On or off',
                headHidden: true,
                cell: (action) => (
                  <label class="check">
                    <input
                      type="checkbox"
                      checked={action.enabled}
                      disabled={save.busy}
                      onChange={() =>
                        change(
                          alertActions.map((one) =>
                            one.id === action.id ? { ...one, enabled: !one.enabled } : one,
                          ),
                          `${DOES[action.do]}: ${action.enabled ? 'off' : 'on'}`,
                        )
                      }
                    />
                    On
                  </label>
                ),
              },
              {
                head: 'Remove',
                headHidden: true,
                cell: (action) => (
                  <button
                    type="button"
                    class="button small"
                    disabled={save.busy}
                    aria-label={`Remove: ${DOES[action.do]} ${action.target ?? ''}`}
                    onClick={() =>
                      change(
                        alertActions.filter(({ id }) => id !== action.id),
                        `Removed: ${DOES[action.do]}`,
                      )
                    }
                  >
                    Remove
                  </button>
                ),
                numeric: true,
              },
            ]}
          />
        )}
        <NewAction
          busy={save.busy}
          onAdd={(action) => change([...alertActions, action], `Added: ${DOES[action.do]}`)}
        />
      </Card>
    </div>
  );
}

function NewAction({ busy, onAdd }: { busy: boolean; onAdd: (action: AlertAction) => Promise<boolean> }) {
  const [what, setWhat] = useState<AlertAction['do']>('notify');
  const [target, setTarget] = useState('');
  const [leastSeverity, setSeverity] = useState<AlertAction['leastSeverity']>('error');
  const [kinds, setKinds] = useState<readonly AlertKind[]>([]);
  const aimed = what === 'webhook' || what === 'command';
  const add = async (event: Event) => {
    event.preventDefault();
    const added = await onAdd({
      id: crypto.randomUUID(),
      do: what,
      kinds: [...kinds],
      leastSeverity,
      ...(aimed ? { target: target.trim() } : {}),
      mostPerHour: 10,
      enabled: true,
    });
    if (added) setTarget('');
  };
  return (
    <form class="new-action" onSubmit={add}>
      <h3>Add one</h3>
      <div class="inline-form">
        <label>
          Do{' '}
          <select
            value={what}
            onChange={({ currentTarget }) => setWhat(currentTarget.value as AlertAction['do'])}
          >
            {Object.entries(DOES).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {aimed && (
          <label>
            {what === 'webhook' ? 'Address' : 'Command line'}{' '}
            <input
              type="text"
              value={target}
              placeholder={what === 'webhook' ? 'https://' : ''}
              onInput={({ currentTarget }) => setTarget(currentTarget.value)}
            />
          </label>
        )}
        <label>
          From severity{' '}
          <select
            value={leastSeverity}
            onChange={({ currentTarget }) => setSeverity(currentTarget.value as AlertAction['leastSeverity'])}
          >
            {SEVERITIES.map((severity) => (
              <option key={severity} value={severity}>
                {SEVERITY_NAMES[severity]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <details>
        <summary>
          {kinds.length === 0 ? 'On every kind of alert' : `On ${plural(kinds.length, 'kind')}`}
        </summary>
        <ul class="choices kinds">
          {ALERT_KINDS.map((kind) => (
            <li key={kind}>
              <label>
                <input
                  type="checkbox"
                  checked={kinds.includes(kind)}
                  onChange={({ currentTarget }) =>
                    setKinds(currentTarget.checked ? [...kinds, kind] : kinds.filter((one) => one !== kind))
                  }
                />
                {nameOf(kind)}
              </label>
            </li>
          ))}
        </ul>
      </details>
      {what === 'webhook' && (
        <p class="note">
          What the alert says then leaves this machine for that address. It is listed under Privacy as long as
          it is on.
        </p>
      )}
      <button type="submit" class="button" disabled={busy || (aimed && target.trim() === '')}>
        <Icon name="plus" /> Add
      </button>
    </form>
  );
}

function nameOf(kind: AlertKind): string {
  return sentence(words(kind));
}
