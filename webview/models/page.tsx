import type { LearningModel, ModelId, RealisedAccuracy } from '../../core/contract/model.ts';
import { MODEL_STATUS_NAMES, sentence } from '../format/names.ts';
import { count, percent, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge } from '../ui/status.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useAction } from '../ui/use-action.ts';
import { useView } from '../ui/view.ts';
import { Comparison } from './comparison.tsx';
import './models.css';
import { Scoreboard } from './scoreboard.tsx';
import { isTraining, running, startTraining } from './training.ts';
import { TrainingState } from './training-state.tsx';

interface Scored {
  model: LearningModel;
  realised: RealisedAccuracy;
}

/** The models, and the scoreboard of all that they said. */
export function ModelsPage() {
  const [view, choose] = useView(['models', 'scoreboard']);
  return (
    <Tabs
      label="Models"
      current={view}
      onChoose={choose}
      tabs={[
        { id: 'models', title: 'Models' },
        { id: 'scoreboard', title: 'Predicted against actual' },
      ]}
    >
      {view === 'models' ? (
        <ModelList />
      ) : (
        <div class="models">
          <Scoreboard halves={['failure', 'duration']} />
        </div>
      )}
    </Tabs>
  );
}

/** The four models: what they are, how good they are, and a way to train them. */
function ModelList() {
  const client = useClient();
  const start = useAction((models?: ModelId[]) => startTraining(client, models));
  const query = useQuery('models', async (): Promise<Scored[]> => {
    const { items } = await client.call('models.list', {});
    return Promise.all(
      items.map(async (model) => {
        const { realised } = await client.call('models.performance', { id: model.id });
        return { model, realised };
      }),
    );
  });
  return (
    <div class="models">
      <div class="page-actions">
        <p class="lead">
          Each model is tested on the latest quarter of what it knows, which it did not learn from, beside a
          simple baseline. Only one that beats its baseline is used. Models learn from all workspaces.
        </p>
        <button
          type="button"
          class="button primary"
          disabled={start.busy || running.value !== undefined}
          onClick={() => start.run()}
        >
          <Icon name="train" /> Train all models
        </button>
      </div>
      <TrainingState />
      <ActionError error={start.error} />
      <Loaded query={query} lines={10}>
        {(models) => (
          <ul class="model-list">
            {models.map((scored) => (
              <li key={scored.model.id}>
                <ModelCard {...scored} onTrain={() => start.run([scored.model.id])} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </div>
  );
}

function ModelCard({ model, realised, onTrain }: Scored & { onTrain: () => void }) {
  const { id, name, algorithm, version, lastTrained, trainingData, performance, message } = model;
  return (
    <article class="card model" aria-labelledby={`model-${id}`}>
      <header class="model-head">
        <div>
          <h2 id={`model-${id}`}>
            <Link to={href(['models', id])}>{name}</Link>
          </h2>
          <p class="note">{algorithm}</p>
        </div>
        <ModelStatusBadge model={model} />
      </header>
      <dl class="model-facts">
        <div>
          <dt>Version</dt>
          <dd>{version === '0' ? 'none' : version}</dd>
        </div>
        <div>
          <dt>Trained (UTC)</dt>
          <dd>{lastTrained ? dateTime(lastTrained).slice(0, 16) : 'never'}</dd>
        </div>
        <div>
          <dt>Examples</dt>
          <dd>
            {count(trainingData.examples)}{' '}
            <span class="text-quiet">({count(trainingData.needed)} needed)</span>
          </dd>
        </div>
        <div>
          <dt>Right so far</dt>
          <dd>
            {realised.accuracy === undefined ? (
              'no outcomes yet'
            ) : (
              <>
                {percent(realised.accuracy)}{' '}
                <span class="text-quiet">of {plural(realised.resolved, 'outcome')}</span>
              </>
            )}
          </dd>
        </div>
      </dl>
      {message && <p class="model-message">{sentence(message)}.</p>}
      <div class="model-metric">
        {performance?.headline ? (
          <Comparison metric={performance.headline} clear={performance.beatsBaseline} />
        ) : (
          <p class="text-quiet">No figures: it was never trained.</p>
        )}
      </div>
      <footer class="model-foot">
        <Link to={href(['models', id])} label={`Details of ${name}`}>
          Details
        </Link>
        <button
          type="button"
          class="button"
          disabled={running.value !== undefined}
          aria-label={`Train ${name}`}
          onClick={onTrain}
        >
          <Icon name="train" /> {isTraining(id) ? 'Training' : 'Train'}
        </button>
      </footer>
    </article>
  );
}

/** Whether a model is used; one that is being trained says so. */
export function ModelStatusBadge({ model: { id, status, version } }: { model: LearningModel }) {
  if (isTraining(id)) return <Badge tone="info">Training</Badge>;
  if (version === '0') return <Badge tone="unknown">Never trained</Badge>;
  return <Badge tone={status === 'active' ? 'ok' : 'unknown'}>{MODEL_STATUS_NAMES[status]}</Badge>;
}
