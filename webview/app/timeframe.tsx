import { workspaceName } from '../format/names.ts';
import { change } from '../routing/router.ts';
import { workspaces } from '../state/known-names.ts';
import { RANGE_IDS, RANGES, range, workspace } from '../state/timeframe.ts';

/** Chooses one workspace, or all of them. Names that two share are told apart by the hash of their place. */
export function WorkspaceChoice() {
  const chosen = workspace.value;
  const ids = chosen && !workspaces.value.includes(chosen) ? [chosen, ...workspaces.value] : workspaces.value;
  const names = ids.map(workspaceName);
  return (
    <label class="select">
      <span class="visually-hidden">Workspace</span>
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget }) => change({ workspace: currentTarget.value || undefined })}
      >
        <option value="">All workspaces</option>
        {ids.map((id, i) => (
          <option key={id} value={id}>
            {names.filter((name) => name === names[i]).length > 1 ? id.replace('~', ' · ') : names[i]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Chooses the time range. */
export function RangeChoice() {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">Time range</legend>
      {RANGE_IDS.map((id) => (
        <label key={id}>
          <input
            type="radio"
            name="range"
            checked={range.value === id}
            onChange={() => change({ range: id === 'all' ? undefined : id })}
          />
          <span>{RANGES[id].label}</span>
        </label>
      ))}
    </fieldset>
  );
}
