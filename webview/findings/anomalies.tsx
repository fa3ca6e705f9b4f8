import type { Anomaly } from '../../core/contract/analysis.ts';
import { percent } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { Empty } from '../ui/states.tsx';
import { SeverityIcon } from '../ui/status.tsx';
import { evidenceHref } from './evidence.ts';
import { measured } from './measured.ts';

/** Values outside of their expected range, most unusual first. */
export function Anomalies({ anomalies, shown }: { anomalies: readonly Anomaly[]; shown: number }) {
  if (anomalies.length === 0) {
    return (
      <Empty title="No anomalies">
        <p>Nothing is outside of the range that earlier migrations set.</p>
      </Empty>
    );
  }
  return (
    <LimitedList items={anomalies} shown={shown} class="findings" keyOf={({ id }) => id}>
      {(anomaly) => {
        const target = evidenceHref('anomaly', anomaly);
        return (
          <div class="finding">
            <SeverityIcon severity={anomaly.severity} />
            <div class="finding-body">
              <p class="finding-title">{target ? <Link to={target}>{anomaly.title}</Link> : anomaly.title}</p>
              <p class="finding-advice">
                {dateTime(anomaly.at)} · {measured(anomaly)} · score {percent(anomaly.score)}
              </p>
            </div>
          </div>
        );
      }}
    </LimitedList>
  );
}
