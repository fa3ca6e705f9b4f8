/** What a link from an item of a view leads to. Pure. */
import type { Alert } from '../../core/contract/alert.ts';
import type { LinkKind } from '../../core/contract/links.ts';
import type { LearningModel } from '../../core/contract/model.ts';
import type { PredictionRecord } from '../../core/contract/prediction.ts';

/** What an item of a view is about. */
export function linkOf(argument: unknown): [LinkKind, string] | undefined {
  const { prediction, alert, model } = (argument ?? {}) as {
    prediction?: PredictionRecord;
    alert?: Alert;
    model?: LearningModel;
  };
  if (prediction) return ['event', prediction.id];
  if (model) return ['model', model.id];
  if (alert?.series !== undefined) return ['series', alert.series];
  const event = alert?.evidence.events[0];
  if (event !== undefined) return ['event', event];
  return alert ? ['page', 'anomalies'] : undefined;
}
