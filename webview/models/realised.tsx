import { useMemo } from 'preact/hooks';
import type { ModelId, RealisedAccuracy } from '../../core/contract/model.ts';
import { ChartFigure } from '../charts/figure.tsx';
import type { ChartSpec } from '../charts/spec.ts';
import { modelValue } from '../events/describe.ts';
import { count, percent } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Bar } from '../ui/bar.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Empty } from '../ui/states.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import { predictedAgainstActual } from './scatter.ts';

/** How right the predictions were once the outcomes arrived: by version, and one by one. */
export function Realised({ id, realised }: { id: ModelId; realised: RealisedAccuracy }) {
  const { predictions, resolved, abstained, byVersion, recent } = realised;
  const versions = [...byVersion].sort((a, b) => Number(b.version) - Number(a.version));
  const spec = useMemo((): ChartSpec | undefined => predictedAgainstActual(id, recent), [id, recent]);
  return (
    <>
      <div class={spec ? 'pair' : ''}>
        <Card
          title="Right so far, by version"
          note={`${count(predictions)} predictions, ${count(resolved)} with an outcome, ${count(abstained)} abstained`}
        >
          {versions.length === 0 ? (
            <Empty title="No outcome has arrived yet">
              <p>Outcomes arrive when a predicted migration runs, or when somebody says how it went.</p>
            </Empty>
          ) : (
            <DataTable
              caption="Accuracy by version"
              rows={versions}
              keyOf={({ version }) => version}
              columns={[
                {
                  head: 'Version',
                  cell: ({ version }) => (version === '0' ? '0 (before any training)' : version),
                },
                { head: 'Outcomes', cell: (row) => count(row.resolved), numeric: true },
                { head: 'Right', cell: ({ accuracy }) => percent(accuracy), numeric: true },
                {
                  head: 'As a bar',
                  headHidden: true,
                  cell: ({ accuracy }) => <Bar share={accuracy} />,
                  class: 'bar-cell',
                },
              ]}
            />
          )}
        </Card>
        {spec && (
          <ChartFigure
            title="Predicted against actual"
            note={noteOf(recent.length)}
            summary={`${count(recent.length)} predictions.`}
            spec={spec}
            rows={recent}
            keyOf={(_, index) => index}
            columns={columnsOf(id)}
          />
        )}
      </div>
      {recent.length > 0 && (
        <Card
          title="Recent predictions"
          note={`The latest ${count(recent.length)} with an outcome; times in UTC`}
        >
          <DataTable
            caption="Recent predictions"
            rows={recent}
            shown={12}
            keyOf={(_, index) => index}
            columns={columnsOf(id)}
          />
        </Card>
      )}
    </>
  );
}

function noteOf(shown: number): string {
  return `Predicted probability of the latest ${shown}, by what happened, in order of time`;
}

type Recent = RealisedAccuracy['recent'][number];

function columnsOf(id: ModelId) {
  return [
    {
      head: 'Migration',
      cell: ({ subject }: Recent) => <Wrapped name={subject || 'unknown'} />,
      class: 'subject',
    },
    { head: 'When (UTC)', cell: ({ at }: Recent) => dateTime(at), secondary: true },
    { head: 'Version', cell: ({ version }: Recent) => version, numeric: true, secondary: true },
    { head: 'Predicted', cell: ({ predicted }: Recent) => predictedText(id, predicted), numeric: true },
    { head: 'Actual', cell: ({ actual }: Recent) => modelValue(id, actual), numeric: true },
    { head: 'Right', cell: ({ accuracy }: Recent) => percent(accuracy), numeric: true },
  ];
}

/** A probability of 0 or 1 is still a probability, not an outcome. */
function predictedText(id: ModelId, predicted: unknown): string {
  return id === 'error-prediction' && typeof predicted === 'number'
    ? percent(predicted)
    : modelValue(id, predicted);
}
