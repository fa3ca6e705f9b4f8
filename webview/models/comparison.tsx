import type { Metric } from '../../core/contract/model.ts';
import { sentence } from '../format/names.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { aim, barSpans, meaningOf, metricValue, type Verdict, verdictOf } from './metric-text.ts';

interface ComparisonProps {
  metric: Metric;
  /** Whether it says what the figure means. */
  explained?: boolean;
  /** False where a lead over the baseline may be chance. */
  clear?: boolean;
  /** Whether it is said who is better: only the figure that decides was tested for chance. */
  judged?: boolean;
}

/** A figure of a model above the same figure of its baseline, as bars on one scale. */
export function Comparison({ metric, explained = false, clear = true, judged = true }: ComparisonProps) {
  const { name, value, baseline, better } = metric;
  const spans = barSpans(metric);
  return (
    <div class="comparison">
      <p class="comparison-head">
        <span>
          {sentence(name)} <span class="text-quiet">({aim(metric)})</span>
        </span>
        {judged && <VerdictMark verdict={verdictOf(metric, clear)} />}
      </p>
      <dl class="comparison-bars">
        <dt>Model</dt>
        <dd>
          <Span from={spans.zero} to={spans.model} tone="model" />
          <span class="comparison-value">{metricValue(metric, value)}</span>
        </dd>
        {baseline !== undefined && (
          <>
            <dt>{better === 'near' ? 'Target' : 'Baseline'}</dt>
            <dd>
              <Span from={spans.zero} to={spans.baseline} tone="baseline" />
              <span class="comparison-value">{metricValue(metric, baseline)}</span>
            </dd>
          </>
        )}
      </dl>
      {explained && <p class="note">{meaningOf(metric)}</p>}
    </div>
  );
}

function Span({ from, to, tone }: { from: number; to: number; tone: 'model' | 'baseline' }) {
  const left = `${Math.min(from, to) * 100}%`;
  const width = `${Math.abs(to - from) * 100}%`;
  return (
    <span class="span" aria-hidden="true">
      <span class={`span-fill span-${tone}`} style={{ left, width }} />
    </span>
  );
}

const VERDICTS: Record<Verdict, { tone: string; icon: IconName; text: string }> = {
  better: { tone: 'ok', icon: 'ok', text: 'Beats the baseline' },
  unclear: { tone: 'unknown', icon: 'unknown', text: 'Not clearly better' },
  worse: { tone: 'warning', icon: 'warning', text: 'Does not beat the baseline' },
  same: { tone: 'unknown', icon: 'unknown', text: 'Same as the baseline' },
};

/** Better or worse than the baseline, as shape, colour and words. */
export function VerdictMark({ verdict }: { verdict: Verdict | undefined }) {
  if (verdict === undefined) return null;
  const { tone, icon, text } = VERDICTS[verdict];
  return (
    <span class={`mark tone-${tone}`}>
      <Icon name={icon} />
      <span>{text}</span>
    </span>
  );
}
