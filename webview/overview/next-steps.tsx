import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import type { TelemetryAIAnalysis } from '../../core/contract/analysis.ts';
import { evidenceHref } from '../findings/evidence.ts';
import { plural } from '../format/numbers.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { Empty } from '../ui/states.tsx';

interface Step {
  id: string;
  action: string;
  because: string;
  to: string | undefined;
}

interface NextStepsProps {
  analysis: TelemetryAIAnalysis | undefined;
  accuracy: AccuracyReport | undefined;
}

/** What to do now, most useful first. */
export function NextSteps({ analysis, accuracy }: NextStepsProps) {
  const steps = [...advised(analysis), ...awaiting(accuracy)];
  return (
    <Card title="Next steps" note="What would help most, from what was recorded">
      {steps.length === 0 ? (
        <Empty title={analysis ? 'Nothing to do' : 'Looking'} />
      ) : (
        <LimitedList items={steps} shown={4} class="findings" keyOf={({ id }) => id}>
          {({ action, because, to }) => (
            <div class="finding">
              <span class="mark tone-info">
                <Icon name="right" />
              </span>
              <div class="finding-body">
                <p class="finding-title">{to ? <Link to={to}>{action}</Link> : action}</p>
                <p class="finding-advice">{because}</p>
              </div>
            </div>
          )}
        </LimitedList>
      )}
    </Card>
  );
}

function advised(analysis: TelemetryAIAnalysis | undefined): Step[] {
  if (!analysis) return [];
  return analysis.recommendations.map(({ id, action, because, insight }) => {
    const source = analysis.insights.find((one) => one.id === insight);
    return { id, action, because, to: source && evidenceHref('insight', source) };
  });
}

function awaiting(accuracy: AccuracyReport | undefined): Step[] {
  if (!accuracy || accuracy.awaiting === 0) return [];
  return [
    {
      id: 'awaiting',
      action: `Say what came of ${plural(accuracy.awaiting, 'prediction')}`,
      because: 'No outcome arrived by itself; each answer teaches the models.',
      to: href(['feedback']),
    },
  ];
}
