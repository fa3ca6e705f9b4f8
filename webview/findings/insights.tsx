import type { TelemetryAIAnalysis } from '../../core/contract/analysis.ts';
import { sentence } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { Empty } from '../ui/states.tsx';
import { SeverityIcon } from '../ui/status.tsx';
import { evidenceHref } from './evidence.ts';

interface InsightsProps {
  analysis: Pick<TelemetryAIAnalysis, 'insights' | 'recommendations'>;
  /** How many before the reader asks for more. */
  shown: number;
  /** Whether what to do about each stands elsewhere on the page. */
  adviceElsewhere?: boolean;
}

/** What stands out, strongest first, each with what to do about it and the way to its events. */
export function Insights({ analysis: { insights, recommendations }, shown, adviceElsewhere }: InsightsProps) {
  if (insights.length === 0) {
    return (
      <Empty title="Nothing stands out">
        <p>Insights appear when the recorded migrations show something worth acting on.</p>
      </Empty>
    );
  }
  return (
    <LimitedList items={insights} shown={shown} class="findings" keyOf={({ id }) => id}>
      {(insight) => {
        const advice = recommendations.find((recommendation) => recommendation.insight === insight.id);
        const target = evidenceHref('insight', insight);
        const { note } = insight;
        return (
          <div class="finding">
            <SeverityIcon severity={insight.severity} />
            <div class="finding-body">
              <p class="finding-title">{insight.title}</p>
              {advice && !adviceElsewhere && <p class="finding-advice">{advice.action}</p>}
              {note && <p class="finding-note">{sentence(note)}</p>}
              {target && (
                <Link to={target} class="finding-link" label={`Evidence: ${insight.title}`}>
                  Show the evidence ({plural(insight.evidence.count, 'event')})
                </Link>
              )}
            </div>
          </div>
        );
      }}
    </LimitedList>
  );
}
