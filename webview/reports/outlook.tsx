/** The parts of an analysis that look for what repeats, where things go, and what comes next. */
import type { Pattern, Prediction, Recommendation, Trend } from '../../core/contract/analysis.ts';
import { evidenceHref } from '../findings/evidence.ts';
import { percent, plural, withUnit } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { Empty } from '../ui/states.tsx';

const SHOWN = 8;

export function Recommendations({ recommendations }: { recommendations: readonly Recommendation[] }) {
  if (recommendations.length === 0) return <Empty title="Nothing to do" />;
  return (
    <LimitedList items={recommendations} shown={SHOWN} class="findings" keyOf={({ id }) => id}>
      {({ action, because }) => (
        <div class="finding-body">
          <p class="finding-title">{action}</p>
          <p class="finding-advice">Because: {because}</p>
        </div>
      )}
    </LimitedList>
  );
}

export function Patterns({ patterns }: { patterns: readonly Pattern[] }) {
  if (patterns.length === 0) return <Empty title="No patterns found" />;
  return (
    <LimitedList items={patterns} shown={SHOWN} class="findings" keyOf={({ id }) => id}>
      {(pattern) => {
        const target = evidenceHref('pattern', pattern);
        return (
          <div class="finding-body">
            <p class="finding-title">{pattern.title}</p>
            {target && (
              <Link to={target} class="finding-link" label={`Evidence: ${pattern.title}`}>
                Show the evidence ({plural(pattern.evidence.count, 'event')})
              </Link>
            )}
          </div>
        );
      }}
    </LimitedList>
  );
}

export function Trends({ trends }: { trends: readonly Trend[] }) {
  if (trends.length === 0)
    return (
      <Empty title="No trends yet">
        <p>A trend needs at least eight weeks.</p>
      </Empty>
    );
  return (
    <LimitedList items={trends} shown={SHOWN} class="findings" keyOf={({ id }) => id}>
      {({ title, direction, points, confidence }) => (
        <div class="finding-body">
          <p class="finding-title">{title}</p>
          <p class="finding-advice">
            {direction}, {plural(points, 'point')}, confidence {percent(confidence)}
          </p>
        </div>
      )}
    </LimitedList>
  );
}

export function Predictions({ predictions }: { predictions: readonly Prediction[] }) {
  if (predictions.length === 0)
    return (
      <Empty title="No predictions yet">
        <p>They need at least ten migrations with a known outcome.</p>
      </Empty>
    );
  return (
    <LimitedList items={predictions} shown={SHOWN} class="findings" keyOf={({ id }) => id}>
      {(prediction) => (
        <div class="finding-body">
          <p class="finding-title">
            {prediction.title}:{' '}
            <strong>
              {prediction.value === undefined ? 'unknown' : withUnit(prediction.value, prediction.unit)}
            </strong>
          </p>
          <Interval prediction={prediction} />
          <p class="finding-advice">
            From {prediction.basis.join(', ')}; confidence {percent(prediction.confidence)}
          </p>
        </div>
      )}
    </LimitedList>
  );
}

/** The interval as a bar on its own scale, with its ends in words. Durations are on a logarithmic scale. */
function Interval({ prediction: { value, low, high, unit } }: { prediction: Prediction }) {
  if (value === undefined || low === undefined || high === undefined) return null;
  const log = unit === 'ms' && low > 0;
  const scale = (x: number) => (log ? Math.log(x) : x);
  const [from, to] = unit === 'probability' ? [0, 1] : [scale(low), scale(high)];
  const at = (x: number) => `${(100 * (scale(x) - from)) / (to - from || 1)}%`;
  return (
    <div class="interval">
      <span>{withUnit(low, unit)}</span>
      <span class="interval-track" aria-hidden="true">
        <span class="interval-range" style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
        <span class="interval-value" style={{ left: at(value) }} />
      </span>
      <span>{withUnit(high, unit)}</span>
    </div>
  );
}
