import { useEffect } from 'preact/hooks';
import type { TrainingRun } from '../../core/contract/training.ts';
import { MODEL_NAMES, sentence } from '../format/names.ts';
import { ago, elapsed } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { revision } from '../state/live.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import { Progress } from '../ui/progress.tsx';
import { useAction } from '../ui/use-action.ts';
import { askTraining, cancelTraining, ended, running } from './training.ts';

/** How a training goes, and what came of the latest one. */
export function TrainingState() {
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
      {!run && latest && <Ended run={latest} />}
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

function Ended({ run }: { run: TrainingRun }) {
  const { state, startedAt, endedAt, trigger } = run;
  const took = endedAt ? ` in ${elapsed(Date.parse(endedAt) - Date.parse(startedAt))}` : '';
  const title = state === 'done' ? `${ENDS.done}${took}` : ENDS[state];
  return (
    <Card title={title} note={`${TRIGGERS[trigger]}, ${ago(endedAt ?? startedAt, Date.now())}`}>
      <Messages run={run} />
    </Card>
  );
}

function Messages({ run: { messages, state } }: { run: TrainingRun }) {
  if (messages.length === 0) return null;
  return (
    <ul class="plain-list training-messages">
      {messages.map((message) => (
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
