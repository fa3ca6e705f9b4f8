import { useState } from 'preact/hooks';
import type { AnomalyVerdict, SeriesDetail } from '../../core/contract/series.ts';
import { workspaceName } from '../format/names.ts';
import { percent, plural } from '../format/numbers.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { timeframeParams } from '../state/timeframe.ts';
import { Card } from '../ui/card.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { useAnomalyAlerts } from './alerts.ts';
import { AnomalyCard } from './anomaly.tsx';
import { Scores, Values } from './charts.tsx';
import { backText, effectOf, type TakenBack } from './effect.ts';

/** One series: what it was, what was expected, which points were not, and what was said of them. */
export function SeriesView({ id }: { id: string }) {
  const client = useClient();
  const params = { id, ...timeframeParams() };
  const query = useQuery(JSON.stringify(params), () => client.call('series.get', params));
  return (
    <Loaded query={query} lines={14}>
      {(detail) => <ShownSeries detail={detail} again={query.again} />}
    </Loaded>
  );
}

function ShownSeries({ detail, again }: { detail: SeriesDetail; again: () => void }) {
  const { series, anomalies } = detail;
  const [given, setGiven] = useState<AnomalyVerdict>();
  const [back, setBack] = useState<TakenBack>();
  const alerts = useAnomalyAlerts();
  // What was just said counts at once; the engine's own answer comes with the next question.
  const verdicts = given ? [...detail.verdicts, given] : detail.verdicts;
  const threshold = (given ?? back)?.thresholdAfter ?? series.threshold;
  const before = verdicts.at(-1)?.thresholdBefore;
  const newest = [...anomalies].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div class="series">
      <header class="series-head">
        <h2>{series.title}</h2>
        <p class="note">
          {plural(series.points, 'point')}
          {series.workspace && ` in ${workspaceName(series.workspace)}`}
          {series.seasonal && ', follows the time of day or week'}; a point counts from a score of{' '}
          <strong>{percent(threshold)}</strong>
        </p>
      </header>
      {(given || back) && (
        <p class="effect" role="status">
          {given ? effectOf(given) : back && backText(back)}
        </p>
      )}
      <Values detail={detail} threshold={threshold} />
      <Scores detail={detail} threshold={threshold} before={before} />
      <Card
        title="Anomalies"
        note="Newest first; what you say moves the threshold of this series; times in UTC"
      >
        {newest.length === 0 ? (
          <Empty title="Nothing unusual in this period" />
        ) : (
          <LimitedList items={newest} shown={10} class="anomaly-list" keyOf={(one) => one.id}>
            {(anomaly) => (
              <AnomalyCard
                anomaly={anomaly}
                verdict={verdicts.findLast(({ anomalyId }) => anomalyId === anomaly.id)}
                similar={detail.similar.filter(({ anomalyId }) => anomalyId === anomaly.id)}
                alert={alerts.alertOf(anomaly.id)}
                onJudged={(verdict) => {
                  setGiven(verdict);
                  setBack(undefined);
                  again();
                }}
                onTakenBack={(taken) => {
                  setGiven(undefined);
                  setBack(taken);
                  again();
                }}
                onAlert={alerts.again}
              />
            )}
          </LimitedList>
        )}
      </Card>
    </div>
  );
}
