import { useState } from 'preact/hooks';
import type { Erasure, PrivacyOverview } from '../../core/contract/governance.ts';
import type { Params } from '../../core/contract/methods.ts';
import { workspaceName } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { refresh } from '../state/live.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import { toast } from '../ui/toast.tsx';
import { useAction } from '../ui/use-action.ts';

type What = Pick<Params<'privacy.erase'>, 'user' | 'workspace' | 'before'>;

/** Erasing: first it says how much it would be; then they are hidden at once, and for good when the time of grace is over. */
export function Erase({ overview, onErased }: { overview: PrivacyOverview; onErased: () => void }) {
  const client = useClient();
  const [user, setUser] = useState('');
  const [workspace, setWorkspace] = useState('');
  const [before, setBefore] = useState('');
  const [preview, setPreview] = useState<Erasure>();
  const what: What = {
    ...(user ? { user } : {}),
    ...(workspace ? { workspace } : {}),
    ...(before ? { before: `${before}T00:00:00.000Z` } : {}),
  };
  const anything = Object.keys(what).length > 0;
  const look = useAction(async () => setPreview(await client.call('privacy.erase', what)));
  const undo = useAction(async (id: string) => {
    await client.call('privacy.undo', { id });
    toast('The erasure is taken back; everything is there again');
    onErased();
    refresh();
  });
  const erase = useAction(async () => {
    const erased = await client.call('privacy.erase', { ...what, confirm: true });
    setPreview(undefined);
    toast(`${plural(erased.events, 'event')} hidden, erased for good in a day`, {
      undo: () => void undo.run(erased.id),
    });
    onErased();
    refresh();
  });
  const choose = (set: (value: string) => void) => (event: { currentTarget: { value: string } }) => {
    set(event.currentTarget.value);
    setPreview(undefined);
  };
  return (
    <Card
      title="Erase"
      note="Hidden at once, erased for good a day later; every condition that you give must hold"
    >
      <div class="inline-form">
        <label>
          Of{' '}
          <select value={user} onChange={choose(setUser)}>
            <option value="">everyone</option>
            {overview.people.map((person) => (
              <option key={person.user} value={person.user}>
                {person.user}
                {person.user === overview.me ? ' (you)' : ''}
              </option>
            ))}
          </select>
        </label>
        <label>
          In{' '}
          <select value={workspace} onChange={choose(setWorkspace)}>
            <option value="">every workspace</option>
            {overview.workspaces.map((one) => (
              <option key={one.workspace} value={one.workspace}>
                {workspaceName(one.workspace)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Before (UTC) <input type="date" value={before} onInput={choose(setBefore)} />
        </label>
        <button type="button" class="button" disabled={!anything || look.busy} onClick={() => look.run()}>
          {look.busy ? 'Counting' : 'See how much that is'}
        </button>
      </div>
      {!anything && <p class="note">Choose a person, a workspace or a day first.</p>}
      <ActionError error={look.error ?? erase.error ?? undo.error} />
      {preview && (
        <div class="erase-preview" role="status">
          <p>
            {preview.events === 0
              ? 'Nothing is stored that this would erase.'
              : `This erases ${plural(preview.events, 'event')}. Models forget them on their next training.`}
          </p>
          {preview.events > 0 && (
            <button type="button" class="button danger" disabled={erase.busy} onClick={() => erase.run()}>
              <Icon name="trash" /> {erase.busy ? 'Erasing' : `Erase ${plural(preview.events, 'event')}`}
            </button>
          )}
        </div>
      )}
      {overview.erasures.length > 0 && (
        <ul class="plain-list ordered" aria-label="Erasures that can be taken back">
          {overview.erasures.map(({ id, events, undoUntil }) => (
            <li key={id} class="erase-preview">
              <p>
                {plural(events, 'event')} hidden
                {undoUntil && `, erased for good at ${dateTime(undoUntil)} UTC`}.
              </p>
              <button type="button" class="button" disabled={undo.busy} onClick={() => undo.run(id)}>
                <Icon name="undo" /> Take it back
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
