import { useState } from 'preact/hooks';
import type { Alert } from '../../core/contract/alert.ts';
import type { Anomaly } from '../../core/contract/analysis.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { AnomalyVerdict, SeriesDetail } from '../../core/contract/series.ts';
import { evidenceHref } from '../findings/evidence.ts';
import { measured } from '../findings/measured.ts';
import { percent, plural } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { snooze } from '../state/alerts.ts';
import { useClient } from '../state/host.ts';
import { Icon } from '../ui/icon.tsx';
import { SeverityIcon } from '../ui/status.tsx';
import { toast } from '../ui/toast.tsx';
import { effectOf, type TakenBack } from './effect.ts';

interface AnomalyCardProps {
  anomaly: Anomaly;
  verdict: AnomalyVerdict | undefined;
  similar: SeriesDetail['similar'];
  alert: Alert | undefined;
  onJudged: (verdict: AnomalyVerdict) => void;
  onTakenBack: (back: TakenBack) => void;
  onAlert: () => void;
}

/** One anomaly: how far off, on what evidence, what was like it, and whether it was real. */
export function AnomalyCard({
  anomaly,
  verdict,
  similar,
  alert,
  onJudged,
  onTakenBack,
  onAlert,
}: AnomalyCardProps) {
  const client = useClient();
  const [sending, setSending] = useState(false);
  const target = evidenceHref('anomaly', anomaly);
  const send = async (work: () => Promise<void>) => {
    setSending(true);
    try {
      await work();
    } catch (error) {
      toast(TelemetryError.from(error).message, { tone: 'error' });
    } finally {
      setSending(false);
    }
  };
  const takeBack = () =>
    send(async () => onTakenBack(await client.call('anomalies.unjudge', { anomalyId: anomaly.id })));
  const judge = (real: boolean) =>
    send(async () => {
      const given = await client.call('anomalies.judge', { anomalyId: anomaly.id, real });
      onJudged(given);
      toast(effectOf(given), { undo: takeBack });
    });
  const verdictButton = (real: boolean, text: string) => (
    <button
      type="button"
      class="toggle"
      aria-pressed={verdict?.real === real}
      disabled={sending}
      // Pressed already: another press takes it back.
      onClick={() => (verdict?.real === real ? takeBack() : judge(real))}
    >
      <Icon name={real ? 'check' : 'close'} /> {text}
      <span class="visually-hidden">: {anomaly.title}</span>
    </button>
  );
  return (
    <article class="anomaly">
      <div class="finding">
        <SeverityIcon severity={anomaly.severity} />
        <div class="finding-body">
          <p class="finding-title">
            <strong>{anomaly.title}</strong>
          </p>
          <p class="finding-advice">
            {dateTime(anomaly.at)} · {measured(anomaly)} · score {percent(anomaly.score)}
            {alert?.state === 'snoozed' && alert.snoozedUntil && (
              <> · snoozed until {dateTime(alert.snoozedUntil).slice(0, 16)}</>
            )}
          </p>
          {target && (
            <Link to={target} class="finding-link" label={`Evidence: ${anomaly.title}`}>
              Show the evidence ({plural(anomaly.evidence.count, 'event')})
            </Link>
          )}
          {similar.length > 0 && (
            <details class="similar">
              <summary>{plural(similar.length, 'similar one', 'similar ones')} before</summary>
              <ul>
                {similar.map(({ likeThat, likeness, at, title }) => (
                  <li key={likeThat} class="similar-one">
                    {title}{' '}
                    <span class="text-quiet">
                      {dateTime(at)}, {percent(likeness)} alike
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      </div>
      <div class="anomaly-actions">
        {verdictButton(true, 'Real')}
        {verdictButton(false, 'Not real')}
        {alert && alert.state !== 'snoozed' && (
          <button type="button" class="button quiet" onClick={() => snooze(client, alert, onAlert)}>
            <Icon name="clock" /> Snooze a day
            <span class="visually-hidden">: {anomaly.title}</span>
          </button>
        )}
      </div>
    </article>
  );
}
