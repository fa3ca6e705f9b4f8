import { useEffect, useState } from 'preact/hooks';
import type { ModelId } from '../../core/contract/model.ts';
import type { TrainingRun } from '../../core/contract/training.ts';
import { MODEL_NAMES, sentence } from '../format/names.ts';
import { duration } from '../format/numbers.ts';
import { ago } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { revision } from '../state/live.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Icon } from '../ui/icon.tsx';
import { Progress } from '../ui/progress.tsx';
import { useAction } from '../ui/use-action.ts';
import { askTraining, cancelTraining, ended, running } from './training.ts';

/** A training that ended so lately is what one waits for; its messages are open. */
const JUST_NOW_MS = 60_000;

/** How a training goes, and what came of the latest one; of one model, where only that is looked at. */
export function TrainingState({ model }: { model?: ModelId }) {
  const client = useClient();
  const cancel = useAction(() => cancelTraining(client));
  const changes = revision.value;
  useEffect(() => {
    askTraining(client).catch(() => undefined);
  }, [client, changes]);
  const run = running.value;
  const [latest] = ended.value;
  return (
    <div class="training" role="status">
      {run && (
        <div class="card training-card">
          <Progress
            label={`Training ${namesOf(run)}`}
            share={run.progress}
            detail={run.step === undefined ? TRIGGERS[run.trigger] : sentence(run.step)}
            onCancel={cancel.busy ? undefined : () => cancel.run()}
          />
          <Messages run={run} />
        </div>
      )}
      <ActionError error={cancel.error} />
      {!run && latest && (model === undefined || latest.models.includes(model)) && (
        <Ended run={latest} model={model} key={latest.startedAt} />
      )}
    </div>
  );
}

const TRIGGERS: Record<TrainingRun['trigger'], string> = {
  hand: 'Started by hand',
  labels: 'Started because there are enough new outcomes',
  drift: 'Started because what the models see has drifted',
  schedule: 'Started by schedule',
  import: 'Started by an import',
};

const ENDS: Record<TrainingRun['state'], string> = {
  running: 'Training is going on',
  done: 'Training done',
  cancelled: 'Training cancelled; the models in use stay as they are',
  failed: 'Training failed; the models in use stay as they are',
};

function Ended({ run, model }: { run: TrainingRun; model: ModelId | undefined }) {
  const { state, startedAt, endedAt, trigger } = run;
  const now = Date.now();
  const took = endedAt ? ` in ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : '';
  const title = state === 'done' ? `${ENDS.done}${took}` : ENDS[state];
  const [open] = useState(state === 'failed' || now - Date.parse(endedAt ?? startedAt) < JUST_NOW_MS);
  return (
    <details class="card training-card" open={open}>
      <summary>
        <strong>{title}</strong>{' '}
        <span class="note">
          {TRIGGERS[trigger]}, {ago(endedAt ?? startedAt, now)}
        </span>
      </summary>
      <Messages run={run} model={model} />
    </details>
  );
}

function Messages({ run: { messages, state }, model }: { run: TrainingRun; model?: ModelId | undefined }) {
  const own = model === undefined ? messages : messages.filter((text) => text.startsWith(MODEL_NAMES[model]));
  if (own.length === 0) return null;
  return (
    <ul class="plain-list training-messages">
      {own.map((message) => (
        <li key={message}>
          <Icon name={state === 'failed' ? 'error' : 'right'} /> {message}
        </li>
      ))}
    </ul>
  );
}

function namesOf({ models }: TrainingRun): string {
  return models.length === 4 ? 'all four models' : models.map((id) => MODEL_NAMES[id]).join(', ');
}
