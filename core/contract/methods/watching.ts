/** Alerts, the series behind them, and what people said of anomalies. */
import Type from 'typebox';
import { Alert, AlertKind, AlertState } from '../alert.ts';
import { Count, closed, Name, optional, Share, Text, Timestamp, Uuid } from '../schema.ts';
import { AnomalyVerdict, SeriesDetail, SeriesInfo } from '../series.ts';
import { changing, reading, timeframe } from './method.ts';

export const watchingMethods = {
  'alerts.list': reading(
    'Alerts, worst first; open ones unless asked otherwise',
    '/api/alerts',
    closed({
      workspace: optional(Name),
      state: optional(Type.Array(AlertState, { maxItems: 4 })),
      kind: optional(Type.Array(AlertKind, { maxItems: 8 })),
      limit: optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    closed({ items: Type.Array(Alert), open: Count }),
  ),
  'alerts.update': changing(
    'reviewer',
    'Acknowledge, snooze, close or reopen an alert',
    '/api/alerts/:id',
    closed({
      id: Name,
      action: Type.Enum(['acknowledge', 'snooze', 'close', 'reopen']),
      until: optional(Timestamp),
    }),
    Alert,
  ),
  'alerts.mute': changing(
    'reviewer',
    'Mute a kind of alerts, or hear it again',
    '/api/alerts/mute',
    closed({ kind: AlertKind, muted: Type.Boolean() }),
    closed({ muted: Type.Array(AlertKind) }),
  ),
  'series.list': reading(
    'The series that are watched, those with anomalies first',
    '/api/series',
    closed({
      ...timeframe,
      text: optional(Text),
      limit: optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    }),
    closed({ items: Type.Array(SeriesInfo), note: optional(Text) }),
  ),
  'series.get': reading(
    'One series with the band that was expected, its anomalies and what was said of them',
    '/api/series/detail',
    closed({ id: Name, ...timeframe }),
    SeriesDetail,
  ),
  'anomalies.judge': changing(
    'reviewer',
    'Say whether an anomaly was real; moves the threshold of its series',
    '/api/anomalies/judge',
    closed({ anomalyId: Name, real: Type.Boolean(), comment: optional(Text) }),
    AnomalyVerdict,
  ),
  'anomalies.unjudge': changing(
    'reviewer',
    'Take back what was said of an anomaly last; the threshold of its series goes back as if it had not been said',
    '/api/anomalies/unjudge',
    closed({ anomalyId: Name, reason: optional(Text) }),
    closed({
      anomalyId: Name,
      series: Name,
      feedbackId: Uuid,
      thresholdBefore: Share,
      thresholdAfter: Share,
    }),
  ),
} as const;
