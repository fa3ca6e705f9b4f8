import type { Contest as ContestData } from '../../core/contract/training.ts';
import { sentence } from '../format/names.ts';
import { figure } from '../format/numbers.ts';
import { Icon } from '../ui/icon.tsx';

/** Champion against challenger on the same hold-out: both figures, the interval of their difference, and the rule. */
export function Contest({ contest }: { contest: ContestData }) {
  const { challenger, champion, metric, challengerValue, championValue, difference, won, rule } = contest;
  const { low, median, high } = difference;
  return (
    <div class="contest">
      <p class={`judgement tone-${won ? 'ok' : 'warning'}`}>
        <Icon name={won ? 'ok' : 'warning'} />
        <span>
          Challenger {challenger} {won ? 'won' : 'did not win'} against champion {champion}.
        </span>
      </p>
      <dl class="fields">
        <div class="field">
          <dt>{sentence(metric)}</dt>
          <dd>
            {figure(challengerValue)} against {figure(championValue)}
          </dd>
        </div>
        <div class="field">
          <dt>Difference</dt>
          <dd>
            {figure(median)}, interval {figure(low)} to {figure(high)}
            {low <= 0 && high >= 0 && ': it holds 0, so the two may be equally good'}
            <DifferenceBar low={low} median={median} high={high} />
          </dd>
        </div>
        <div class="field">
          <dt>Rule</dt>
          <dd>{sentence(rule)}</dd>
        </div>
      </dl>
    </div>
  );
}

/** The interval on its own scale, with a mark at zero. */
function DifferenceBar({ low, median, high }: ContestData['difference']) {
  const from = Math.min(low, 0);
  const span = Math.max(high, 0) - from || 1;
  const at = (x: number) => `${(100 * (x - from)) / span}%`;
  return (
    <span class="difference" aria-hidden="true">
      <span class="difference-range" style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
      <span class="difference-zero" style={{ left: at(0) }} />
      <span class="difference-value" style={{ left: at(median) }} />
    </span>
  );
}
