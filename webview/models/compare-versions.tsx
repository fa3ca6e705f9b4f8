import { useState } from 'preact/hooks';
import type { ModelId } from '../../core/contract/model.ts';
import type { Contest as ContestData, ModelVersion } from '../../core/contract/training.ts';
import { useClient } from '../state/host.ts';
import { ActionError } from '../ui/action-error.tsx';
import { useAction } from '../ui/use-action.ts';
import { Contest } from './contest.tsx';

/** Any two versions on the newest hold-out. */
export function CompareVersions({ id, versions }: { id: ModelId; versions: readonly ModelVersion[] }) {
  const client = useClient();
  const names = versions.map(({ model }) => model.version);
  const inUse = versions.find(({ champion }) => champion)?.model.version ?? names[1] ?? '';
  const [champion, setChampion] = useState(inUse);
  const [challenger, setChallenger] = useState(names.find((name) => name !== inUse) ?? '');
  const [contest, setContest] = useState<ContestData>();
  const compare = useAction(async () => {
    setContest(undefined);
    setContest(await client.call('models.compare', { id, champion, challenger }));
  });
  const choice = (label: string, value: string, choose: (version: string) => void) => (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="version-detail" aria-label="Compare two versions">
      <h3>Compare two versions</h3>
      <div class="inline-form">
        {choice('Version', challenger, setChallenger)}
        {choice('against', champion, setChampion)}
        <button
          type="button"
          class="button"
          disabled={compare.busy || champion === challenger}
          onClick={() => compare.run()}
        >
          {compare.busy ? 'Comparing' : 'Compare on the newest data'}
        </button>
      </div>
      <ActionError error={compare.error} />
      {contest && <Contest contest={contest} />}
    </section>
  );
}
