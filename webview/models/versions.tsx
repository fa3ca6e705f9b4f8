import { useState } from 'preact/hooks';
import type { ModelId } from '../../core/contract/model.ts';
import type { ModelVersion } from '../../core/contract/training.ts';
import { sentence } from '../format/names.ts';
import { duration, figure } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { refresh } from '../state/live.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/states.tsx';
import { Badge } from '../ui/status.tsx';
import { toast } from '../ui/toast.tsx';
import { useAction } from '../ui/use-action.ts';
import { CompareVersions } from './compare-versions.tsx';
import { Contest } from './contest.tsx';
import { metricValue } from './metric-text.ts';

/** Every version with how it came about and what it won or lost; from here one is put in use or taken back. */
export function Versions({ id, versions }: { id: ModelId; versions: readonly ModelVersion[] }) {
  const client = useClient();
  const [opened, setOpened] = useState<string>();
  const champion = versions.find((one) => one.champion)?.model.version;
  const earlier = versions.filter((one) => !one.champion).length > 0;

  const promote = useAction(async (version: string) => {
    await client.call('models.promote', { id, version });
    refresh();
    toast(`Version ${version} is in use`, {
      ...(champion === undefined ? {} : { undo: () => takeBack(champion) }),
    });
  });
  const rollBack = useAction(async () => {
    const { model } = await client.call('models.rollback', { id });
    refresh();
    toast(`Rolled back to version ${model.version}`, {
      ...(champion === undefined ? {} : { undo: () => takeBack(champion) }),
    });
  });
  const takeBack = async (version: string) => {
    try {
      await client.call('models.promote', { id, version, reason: 'taken back' });
      refresh();
    } catch {
      toast(`Version ${version} could not be put in use again`, { tone: 'error' });
    }
  };

  if (versions.length === 0)
    return (
      <Card title="Versions">
        <Empty title="No version yet">
          <p>The first training makes the first version.</p>
        </Empty>
      </Card>
    );
  const shown = versions.find(({ model }) => model.version === opened);
  const busy = promote.busy || rollBack.busy;
  return (
    <Card
      title="Versions"
      note="Newest first; times in UTC. A challenger is put in use only if it wins"
      actions={
        champion !== undefined &&
        earlier && (
          <button type="button" class="button small" disabled={busy} onClick={() => rollBack.run()}>
            <Icon name="retry" /> Roll back
          </button>
        )
      }
    >
      <ActionError error={promote.error ?? rollBack.error} />
      <DataTable
        caption="Versions"
        rows={versions}
        shown={8}
        keyOf={({ model }) => model.version}
        columns={[
          {
            head: 'Version',
            cell: ({ model }) => (
              <button
                type="button"
                class="link"
                aria-expanded={model.version === opened}
                onClick={() => setOpened(model.version === opened ? undefined : model.version)}
              >
                {model.version}
              </button>
            ),
          },
          { head: 'Made (UTC)', cell: ({ at }) => dateTime(at).slice(0, 16), secondary: true },
          {
            head: 'State',
            cell: (one) =>
              one.champion ? <Badge tone="ok">Champion</Badge> : <span>{contestWord(one)}</span>,
          },
          { head: 'Why', cell: ({ reason }) => sentence(reason), class: 'phrase', secondary: true },
          { head: 'Figure', cell: (one) => headline(one, 'value'), numeric: true },
          { head: 'Baseline', cell: (one) => headline(one, 'baseline'), numeric: true, secondary: true },
          {
            head: 'Use it',
            headHidden: true,
            cell: ({ champion: inUse, model }) =>
              !inUse && (
                <button
                  type="button"
                  class="button small"
                  disabled={busy}
                  aria-label={`Promote version ${model.version}`}
                  onClick={() => promote.run(model.version)}
                >
                  Promote
                </button>
              ),
            numeric: true,
          },
        ]}
      />
      {shown && <VersionDetail version={shown} />}
      {versions.length > 1 && <CompareVersions id={id} versions={versions} />}
    </Card>
  );
}

function VersionDetail({ version }: { version: ModelVersion }) {
  const { model, contest, candidates, seed } = version;
  const names = [...new Set(candidates.flatMap(({ metrics }) => Object.keys(metrics)))];
  return (
    <section class="version-detail" aria-label={`Version ${model.version}`}>
      <h3>Version {model.version}</h3>
      {contest ? <Contest contest={contest} /> : <p class="text-quiet">There was no champion to beat.</p>}
      {candidates.length > 0 && (
        <DataTable
          caption={`Candidates of version ${model.version}`}
          rows={candidates}
          keyOf={({ algorithm }) => algorithm}
          columns={[
            { head: 'Candidate', cell: ({ algorithm }) => algorithm, class: 'subject' },
            ...names.map((name) => ({
              head: sentence(name),
              cell: ({ metrics }: (typeof candidates)[number]) => {
                const value = metrics[name];
                return value === undefined ? '–' : figure(value);
              },
              numeric: true,
            })),
            {
              head: 'Training took',
              cell: ({ trainMs }) => duration(trainMs),
              numeric: true,
              secondary: true,
            },
            { head: 'Chosen', cell: ({ chosen }) => (chosen ? <Badge tone="ok">Chosen</Badge> : '') },
          ]}
        />
      )}
      {seed !== undefined && <p class="note">Seed {seed}: the same data and seed make the same model.</p>}
    </section>
  );
}

function contestWord({ contest, model }: ModelVersion): string {
  if (contest) return contest.won ? 'Won, replaced since' : 'Did not win';
  return model.performance?.beatsBaseline === false ? 'Does not beat the baseline' : 'Not in use';
}

function headline({ model }: ModelVersion, of: 'value' | 'baseline'): string {
  const metric = model.performance?.headline;
  const value = metric?.[of];
  return metric && value !== undefined ? metricValue(metric, value) : '–';
}
