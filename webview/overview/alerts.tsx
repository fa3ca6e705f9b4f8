import type { Alert } from '../../core/contract/alert.ts';
import type { Result } from '../../core/contract/methods.ts';
import type { Statistics } from '../../core/contract/statistics.ts';
import { filterHref } from '../findings/evidence.ts';
import { workspaceName } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { ago, dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { acknowledge, snooze } from '../state/alerts.ts';
import { useClient } from '../state/host.ts';
import type { Query } from '../state/query.ts';
import { Icon } from '../ui/icon.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { Loading } from '../ui/states.tsx';
import { SeverityIcon } from '../ui/status.tsx';

interface AlertsProps {
  query: Query<Result<'alerts.list'>>;
  statistics: Statistics | undefined;
}

/** Is anything wrong now? The open alerts, worst first, or in a line that there are none. */
export function Alerts({ query, statistics }: AlertsProps) {
  const { value, error, loading } = query;
  if (!value) {
    if (!error || loading) return <Loading lines={1} label="Loading alerts" />;
    return (
      <p class="verdict verdict-unknown" role="status">
        <Icon name="unknown" /> Whether anything is wrong cannot be said: {error.message}
      </p>
    );
  }
  const { items } = value;
  if (items.length === 0) {
    return (
      <p class="verdict verdict-ok" role="status">
        <Icon name="ok" /> <strong>Nothing needs a look.</strong> {calm(statistics)}
      </p>
    );
  }
  return (
    <section class="card alerts" aria-labelledby="alerts-head">
      <header class="card-head">
        <div>
          <h2 id="alerts-head">
            {value.open === 1 ? 'One thing needs a look' : `${plural(value.open, 'thing')} need a look`}
          </h2>
          <p class="note">Open alerts, worst first</p>
        </div>
      </header>
      <LimitedList items={items} shown={4} class="findings" keyOf={({ id }) => id}>
        {(alert) => <AlertItem alert={alert} again={query.again} />}
      </LimitedList>
    </section>
  );
}

function AlertItem({ alert, again }: { alert: Alert; again: () => void }) {
  const client = useClient();
  const { severity, title, action, lastAt, count, workspace } = alert;
  const target = placeOf(alert);
  return (
    <div class="alert">
      <div class="finding">
        <SeverityIcon severity={severity} />
        <div class="finding-body">
          <p class="finding-title">{target ? <Link to={target}>{title}</Link> : title}</p>
          <p class="finding-advice">
            {action && `${action} `}
            <span title={`${dateTime(lastAt)} UTC`}>
              {count > 1 ? `${plural(count, 'time')}, latest ` : ''}
              {ago(lastAt, Date.now())}
            </span>
            {workspace && ` in ${workspaceName(workspace)}`}
          </p>
        </div>
      </div>
      <div class="alert-actions">
        <button type="button" class="button small" onClick={() => acknowledge(client, alert, again)}>
          <Icon name="check" /> Acknowledge
          <span class="visually-hidden">: {title}</span>
        </button>
        <button type="button" class="button quiet small" onClick={() => snooze(client, alert, again)}>
          <Icon name="clock" /> Snooze a day
          <span class="visually-hidden">: {title}</span>
        </button>
      </div>
    </div>
  );
}

/** Where one looks at what an alert is about. */
function placeOf({ kind, group, series, workspace, evidence }: Alert): string | undefined {
  if (kind === 'anomaly' && series) return href(['anomalies', series]);
  if (kind === 'failed-migration') return href(['migrations', group], { in: workspace });
  if (kind === 'accuracy-dropped') return href(['models']);
  const [event] = evidence.events;
  if (event) return href(['events'], { event, type: 'all' });
  return evidence.filter ? filterHref(evidence.filter) : undefined;
}

function calm(statistics: Statistics | undefined): string {
  if (!statistics?.lastAt || statistics.events === 0) return 'No open alerts.';
  return `No open alerts; the latest event came ${ago(statistics.lastAt, Date.now())}.`;
}
