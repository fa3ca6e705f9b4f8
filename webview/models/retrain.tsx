import type { FeatureDrift, FeatureWeight } from '../../core/contract/accuracy.ts';
import type { RetrainOutlook } from '../../core/contract/training.ts';
import { sentence, words } from '../format/names.ts';
import { count, figure, plural, withUnit } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Bar } from '../ui/bar.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/states.tsx';
import { Badge, type Tone } from '../ui/status.tsx';

/** Above this a feature counts as drifted. */
const DRIFTED = 0.2;

/** What the next training waits for. */
export function Retraining({ outlook }: { outlook: RetrainOutlook }) {
  const { newLabels, neededLabels, errorDrift, nextScheduled, drift } = outlook;
  const drifted = drift.filter(({ state }) => state === 'drifted').length;
  return (
    <Card title="Next training" note="It starts by itself when any of these is reached">
      <dl class="fields">
        <div class="field">
          <dt>New outcomes</dt>
          <dd>
            {count(newLabels)} of {count(neededLabels)}
            <Bar share={neededLabels === 0 ? 0 : newLabels / neededLabels} />
          </dd>
        </div>
        <div class="field">
          <dt>Drift</dt>
          <dd>
            {drift.length === 0
              ? 'not measured yet'
              : `${count(drifted)} of ${plural(drift.length, 'feature')} drifted`}
          </dd>
        </div>
        <div class="field">
          <dt>Recent errors</dt>
          <dd>
            {errorDrift === undefined
              ? 'too few outcomes to tell'
              : errorDrift
                ? 'worse than on the hold-out'
                : 'no worse than on the hold-out'}
          </dd>
        </div>
        <div class="field">
          <dt>By schedule (UTC)</dt>
          <dd>{nextScheduled ? dateTime(nextScheduled) : 'none'}</dd>
        </div>
      </dl>
    </Card>
  );
}

const STATES: Record<FeatureDrift['state'], { tone: Tone; text: string }> = {
  steady: { tone: 'ok', text: 'Steady' },
  moving: { tone: 'info', text: 'Moving' },
  drifted: { tone: 'warning', text: 'Drifted' },
};

/** How far what the model sees now is from what it learned from. */
export function Drift({ drift }: { drift: readonly FeatureDrift[] }) {
  const rows = [...drift].sort((a, b) => b.psi - a.psi);
  return (
    <Card
      title="Drift by feature"
      note={`Population stability index of recent against training data; above ${DRIFTED} is drift`}
    >
      {rows.length === 0 ? (
        <Empty title="Not measured yet">
          <p>It needs a trained version and predictions since then.</p>
        </Empty>
      ) : (
        <DataTable
          caption="Drift by feature"
          rows={rows}
          shown={10}
          keyOf={({ feature }) => feature}
          columns={[
            { head: 'Feature', cell: ({ feature }) => sentence(words(feature)), class: 'subject' },
            {
              head: 'State',
              cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].text}</Badge>,
            },
            { head: 'PSI', cell: ({ psi }) => figure(psi), numeric: true },
            {
              head: 'As a bar',
              headHidden: true,
              cell: ({ psi, state }) => (
                <Bar
                  share={psi / Math.max(2 * DRIFTED, rows[0]?.psi ?? 0)}
                  tone={state === 'drifted' ? 'error' : 'accent'}
                />
              ),
              class: 'bar-cell',
              secondary: true,
            },
            {
              head: 'Median in training',
              cell: ({ trainedMedian, unit }) => valueOr(trainedMedian, unit),
              numeric: true,
              secondary: true,
            },
            {
              head: 'Recent median',
              cell: ({ recentMedian, unit }) => valueOr(recentMedian, unit),
              numeric: true,
              secondary: true,
            },
          ]}
        />
      )}
    </Card>
  );
}

/** What the model rests on. */
export function Importance({ importance }: { importance: readonly FeatureWeight[] }) {
  const rows = [...importance].sort((a, b) => b.importance - a.importance);
  const most = rows[0]?.importance ?? 0;
  return (
    <Card
      title="What it rests on"
      note="How much worse the headline figure gets when a feature is shuffled; nothing or less means it is of no use"
    >
      {rows.length === 0 ? (
        <Empty title="Not measured for this version" />
      ) : (
        <DataTable
          caption="Importance of features"
          rows={rows}
          shown={10}
          keyOf={({ feature }) => feature}
          columns={[
            {
              head: 'Feature',
              cell: ({ feature, meaning }) => (
                <>
                  {sentence(words(feature))} <span class="note feature-meaning">{meaning}</span>
                </>
              ),
              class: 'subject',
            },
            {
              head: 'As a bar',
              headHidden: true,
              cell: (row) => <Bar share={most > 0 ? row.importance / most : 0} />,
              class: 'bar-cell',
            },
            { head: 'Loss', cell: (row) => figure(row.importance), numeric: true },
          ]}
        />
      )}
    </Card>
  );
}

/** That a model does not do better than its baseline, said where nobody can miss it. */
export function HonestNote({ beatsBaseline, baseline }: { beatsBaseline: boolean; baseline: string }) {
  if (beatsBaseline) return null;
  return (
    <p class="judgement tone-warning">
      <Icon name="warning" />
      <span>
        On data it had not seen it does not clearly beat its baseline ({baseline}). It is not used; the
        baseline answers.
      </span>
    </p>
  );
}

function valueOr(value: number | undefined, unit: string): string {
  return value === undefined ? '–' : withUnit(value, unit);
}
