import { useState } from 'preact/hooks';
import type { Params } from '../../core/contract/methods.ts';
import type { ReportFormat, ReportKind, ReportSchedule } from '../../core/contract/report-file.ts';
import { workspaceName } from '../format/names.ts';
import { dateTime } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { workspaces } from '../state/known-names.ts';
import { useQuery } from '../state/query.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { useAction } from '../ui/use-action.ts';
import { EVERY, FORMATS, KINDS } from './kinds.ts';

type Wish = Params<'reports.schedule'>;

/** Scheduled reports: when, what, where to, and what went wrong. */
export function Schedules() {
  const client = useClient();
  const query = useQuery('schedules', () => client.call('reports.schedules', {}));
  const change = useAction(async (wish: Wish, said: string) => {
    await client.call('reports.schedule', wish);
    query.again();
    toast(said);
  });
  const remove = useAction(async (schedule: ReportSchedule) => {
    await client.call('reports.unschedule', { id: schedule.id });
    query.again();
    toast(`${KINDS[schedule.kind]} is no longer scheduled`, {
      undo: async () => {
        await change.run(wishOf(schedule), `${KINDS[schedule.kind]} is scheduled again`);
      },
    });
  });
  return (
    <div class="report">
      <Card
        title="Scheduled reports"
        note="Made while the engine runs; the latest one that was missed is made at its next start. Times in UTC"
      >
        <ActionError error={change.error ?? remove.error} />
        <Loaded query={query} lines={4}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No report is scheduled yet" />
            ) : (
              <DataTable
                caption="Scheduled reports"
                rows={items}
                shown={20}
                keyOf={({ id }) => id}
                columns={[
                  {
                    head: 'Report',
                    cell: ({ kind, format, every, workspace }) => (
                      <>
                        {KINDS[kind]} as {FORMATS[format]}, {EVERY[every].toLowerCase()}
                        {workspace && `, of ${workspaceName(workspace)}`}
                      </>
                    ),
                    class: 'subject',
                  },
                  { head: 'Folder', cell: ({ folder }) => <code>{folder}</code>, secondary: true },
                  {
                    head: 'Last (UTC)',
                    cell: ({ lastAt, problem }) => (
                      <>
                        {lastAt ? dateTime(lastAt).slice(0, 16) : 'never'}
                        {problem && <span class="text-error schedule-problem">{problem}</span>}
                      </>
                    ),
                  },
                  {
                    head: 'Next (UTC)',
                    cell: ({ nextAt, enabled }) =>
                      enabled && nextAt ? dateTime(nextAt).slice(0, 16) : 'not planned',
                    secondary: true,
                  },
                  {
                    head: 'On or off',
                    headHidden: true,
                    cell: (schedule) => (
                      <label class="check">
                        <input
                          type="checkbox"
                          checked={schedule.enabled}
                          disabled={change.busy}
                          onChange={() =>
                            change.run(
                              { ...wishOf(schedule), id: schedule.id, enabled: !schedule.enabled },
                              `${KINDS[schedule.kind]}: ${schedule.enabled ? 'paused' : 'scheduled again'}`,
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
                    cell: (schedule) => (
                      <button
                        type="button"
                        class="button small"
                        disabled={remove.busy}
                        aria-label={`Remove: ${KINDS[schedule.kind]}, ${EVERY[schedule.every].toLowerCase()}`}
                        onClick={() => remove.run(schedule)}
                      >
                        Remove
                      </button>
                    ),
                    numeric: true,
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Card>
      <NewSchedule
        busy={change.busy}
        onAdd={(wish) =>
          change.run(wish, `${KINDS[wish.kind]} is scheduled, ${EVERY[wish.every].toLowerCase()}`)
        }
      />
    </div>
  );
}

function wishOf({ kind, format, every, workspace, folder, enabled }: ReportSchedule): Wish {
  return { kind, format, every, folder, enabled, ...(workspace === undefined ? {} : { workspace }) };
}

function NewSchedule({ busy, onAdd }: { busy: boolean; onAdd: (wish: Wish) => Promise<boolean> }) {
  const [wish, setWish] = useState<Wish>({ kind: 'telemetry', format: 'html', every: 'week', folder: '' });
  const set = (part: Partial<Wish>) => setWish((before) => ({ ...before, ...part }));
  const submit = async (event: Event) => {
    event.preventDefault();
    const { workspace, ...rest } = wish;
    const added = await onAdd({ ...rest, folder: wish.folder.trim(), ...(workspace ? { workspace } : {}) });
    if (added) set({ folder: '' });
  };
  return (
    <Card title="Schedule a report">
      <form class="inline-form" onSubmit={submit}>
        <Select label="What" value={wish.kind} names={KINDS} onValue={(kind: ReportKind) => set({ kind })} />
        <Select
          label="as"
          value={wish.format}
          names={FORMATS}
          onValue={(format: ReportFormat) => set({ format })}
        />
        <Select
          label="When"
          value={wish.every}
          names={EVERY}
          onValue={(every: Wish['every']) => set({ every })}
        />
        <label>
          Of{' '}
          <select
            value={wish.workspace ?? ''}
            onChange={({ currentTarget }) => set({ workspace: currentTarget.value })}
          >
            <option value="">all workspaces</option>
            {workspaces.value.map((id) => (
              <option key={id} value={id}>
                {workspaceName(id)}
              </option>
            ))}
          </select>
        </label>
        <label class="folder-field">
          Folder on the engine’s machine{' '}
          <input
            type="text"
            value={wish.folder}
            placeholder="/home/me/reports"
            onInput={({ currentTarget }) => set({ folder: currentTarget.value })}
          />
        </label>
        <button type="submit" class="button primary" disabled={busy || wish.folder.trim() === ''}>
          <Icon name="plus" /> Add
        </button>
      </form>
    </Card>
  );
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  names: Record<T, string>;
  onValue: (value: T) => void;
}

function Select<T extends string>({ label, value, names, onValue }: SelectProps<T>) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onValue(currentTarget.value as T)}>
        {(Object.keys(names) as T[]).map((id) => (
          <option key={id} value={id}>
            {names[id]}
          </option>
        ))}
      </select>
    </label>
  );
}
