import type { LearningModel, ModelId } from '../../core/contract/model.ts';
import { MODEL_IDS } from '../../core/contract/model.ts';
import { sentence, words } from '../format/names.ts';
import { count } from '../format/numbers.ts';
import { dateTime, day } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { useAction } from '../ui/use-action.ts';
import './models.css';
import { HoldOut } from './hold-out.tsx';
import { ModelStatusBadge } from './page.tsx';
import { Realised } from './realised.tsx';
import { Drift, HonestNote, Importance, Retraining } from './retrain.tsx';
import { type Half, Scoreboard } from './scoreboard.tsx';
import { running, startTraining } from './training.ts';
import { TrainingState } from './training-state.tsx';
import { Versions } from './versions.tsx';

/** All there is to know of one model. */
export function ModelPage({ id }: { id: string }) {
  if (!(MODEL_IDS as readonly string[]).includes(id)) {
    return (
      <Empty title={`There is no model ${id}`}>
        <Link to={href(['models'])} class="button">
          Show the models
        </Link>
      </Empty>
    );
  }
  return <KnownModel id={id as ModelId} key={id} />;
}

function KnownModel({ id }: { id: ModelId }) {
  const client = useClient();
  const start = useAction(() => startTraining(client, [id]));
  const query = useQuery(id, async () => {
    const [{ items }, performance] = await Promise.all([
      client.call('models.list', {}),
      client.call('models.performance', { id }),
    ]);
    return { model: items.find((model) => model.id === id), realised: performance.realised };
  });
  const history = useQuery(`versions ${id}`, () => client.call('models.versions', { id }));
  return (
    <div class="models">
      <TrainingState model={id} />
      <ActionError error={start.error} />
      <Loaded query={query} lines={12}>
        {({ model }) =>
          model && (
            <>
              <div class="page-actions">
                <p class="lead">
                  <ModelStatusBadge model={model} /> {sentence(words(model.type))}, {model.algorithm}, version{' '}
                  {model.version}
                  {model.lastTrained && `, trained ${dateTime(model.lastTrained)} UTC`}.{' '}
                  {model.message && `${sentence(model.message)}.`}
                </p>
                <button
                  type="button"
                  class="button primary"
                  disabled={start.busy || running.value !== undefined}
                  onClick={() => start.run()}
                >
                  <Icon name="train" /> Train
                </button>
              </div>
              {model.performance && <HonestNote {...model.performance} />}
              <HoldOut model={model} />
            </>
          )
        }
      </Loaded>
      <Loaded query={history} lines={6}>
        {({ items, retrain }) => (
          <>
            <Versions id={id} versions={items} />
            <div class="pair">
              <Importance
                importance={(items.find(({ champion }) => champion) ?? items[0])?.importance ?? []}
              />
              <Drift drift={retrain.drift} />
            </div>
            <Retraining outlook={retrain} />
          </>
        )}
      </Loaded>
      {HALVES[id].length > 0 && <Scoreboard halves={HALVES[id]} />}
      <Loaded query={query} lines={6}>
        {({ model, realised }) =>
          model && (
            <>
              <Realised id={id} realised={realised} />
              <div class="pair">
                <Data model={model} />
                <Inputs model={model} />
              </div>
            </>
          )
        }
      </Loaded>
    </div>
  );
}

/** The parts of the scoreboard that are about a model. */
const HALVES: Record<ModelId, readonly Half[]> = {
  'performance-prediction': ['duration'],
  'error-prediction': ['failure'],
  'anomaly-detection': [],
  'usage-pattern': [],
};

/** What it learned from. */
function Data({ model: { trainingData, artifact } }: { model: LearningModel }) {
  const { events, examples, needed, positives, from, to, fingerprint } = trainingData;
  return (
    <Card title="Training data" note="What the version was made from">
      <dl class="fields">
        <Fact name="Migrations seen" value={count(events)} />
        <Fact name="Examples" value={`${count(examples)} (${count(needed)} needed)`} />
        {positives !== undefined && <Fact name="Failed among them" value={count(positives)} />}
        {from && to && <Fact name="Period (UTC)" value={`${day(from)} to ${day(to)}`} />}
        {fingerprint && <Fact name="Fingerprint of the data" value={short(fingerprint)} mono />}
        {artifact && <Fact name="Fingerprint of the model" value={short(artifact)} mono />}
      </dl>
    </Card>
  );
}

/** What it looks at, and how it was set. */
function Inputs({ model: { features, hyperparameters } }: { model: LearningModel }) {
  return (
    <Card title="Features and settings" note="What it looks at, and how it was trained">
      <ul class="features" aria-label="Features">
        {features.map((feature) => (
          <li key={feature}>{words(feature)}</li>
        ))}
      </ul>
      <dl class="fields">
        {Object.entries(hyperparameters).map(([name, value]) => (
          <Fact key={name} name={sentence(words(name))} value={String(value)} />
        ))}
      </dl>
    </Card>
  );
}

/** Enough of a fingerprint to tell two apart. */
function short(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}

function Fact({ name, value, mono = false }: { name: string; value: string; mono?: boolean }) {
  return (
    <div class="field">
      <dt>{name}</dt>
      <dd class={mono ? 'mono' : ''}>{value}</dd>
    </div>
  );
}
