import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import type { Handlers } from '../handlers.ts';

/** Answers wait for what was just recorded, not for the end of a long import. */
export function watchingHandlers({ watch, settings, learning }: AITelemetryEngine) {
  return {
    'alerts.list': async (params) => {
      await watch.nearlyCaughtUp();
      return watch.alerts.list(params);
    },
    'alerts.update': (params) => watch.alerts.update(params),
    'alerts.mute': async ({ kind, muted }) => {
      const others = settings.current().mutedAlerts.filter((known) => known !== kind);
      const { mutedAlerts } = settings.update({ mutedAlerts: muted ? [...others, kind] : others });
      return { muted: mutedAlerts };
    },
    'series.list': async (params) => {
      await watch.nearlyCaughtUp();
      return watch.seriesList(params);
    },
    'series.get': async (params) => {
      await watch.nearlyCaughtUp();
      return watch.seriesDetail(params);
    },
    'anomalies.judge': (params) => watch.judge(params),
    'anomalies.unjudge': ({ anomalyId, reason }) =>
      watch.unjudge(anomalyId, async (feedbackId) => {
        await learning.ready();
        await learning.withdraw(feedbackId, reason);
      }),
  } satisfies Partial<Handlers>;
}
