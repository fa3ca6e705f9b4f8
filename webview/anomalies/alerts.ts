/** The alerts that anomalies raised, so that they can be snoozed where they are looked at. */
import type { Alert } from '../../core/contract/alert.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';

interface AnomalyAlerts {
  alertOf(anomalyId: string): Alert | undefined;
  again(): void;
}

export function useAnomalyAlerts(): AnomalyAlerts {
  const client = useClient();
  const query = useQuery('anomaly alerts', () =>
    client.call('alerts.list', { kind: ['anomaly'], state: ['open', 'acknowledged', 'snoozed'], limit: 500 }),
  );
  return {
    alertOf: (anomalyId) => query.value?.items.find((alert) => alert.anomalyId === anomalyId),
    again: query.again,
  };
}
