import type { LearningModel } from '../../core/contract/model.ts';
import { sentence } from '../format/names.ts';
import { count } from '../format/numbers.ts';
import { Card } from '../ui/card.tsx';
import { Empty } from '../ui/states.tsx';
import { Comparison } from './comparison.tsx';

/** How the version did on data that it had not seen, figure by figure beside its baseline. */
export function HoldOut({ model: { performance, message } }: { model: LearningModel }) {
  if (!performance) {
    return (
      <Card title="On data it had not seen">
        <Empty title="No figures yet">
          <p>{sentence(message ?? 'it was never trained')}.</p>
        </Empty>
      </Card>
    );
  }
  const { metrics, baseline, beatsBaseline, headline, holdOut } = performance;
  return (
    <Card
      title="On data it had not seen"
      note={`${sentence(holdOut.method)}: ${count(holdOut.trained)} to learn, ${count(holdOut.tested)} to test`}
    >
      <div class="comparisons">
        {metrics.map((metric) => (
          <Comparison
            key={metric.name}
            metric={metric}
            explained
            clear={beatsBaseline}
            judged={metric.name === headline?.name}
          />
        ))}
      </div>
      <p class="note baseline-note">Baseline: {baseline}.</p>
    </Card>
  );
}
