/** The learning models: version, how good they are beside their baseline, when they were trained. */
import * as vscode from 'vscode';
import type { LearningModel, Metric } from '../../../core/contract/model.ts';
import { t } from '../../text.ts';
import { modelName } from '../feedback/answer.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import { ago } from '../views/ago.ts';
import { type Item, ItemsView } from '../views/items-view.ts';

export interface ModelItem extends Item {
  model: LearningModel;
}

export function modelsView(store: TelemetryStore): ItemsView<ModelItem> {
  return new ItemsView('aibos.models', 'models', store, () => store.known.models.map(modelItem));
}

function modelItem(model: LearningModel): ModelItem {
  const { id, version, status, performance, lastTrained, message, trainingData } = model;
  const headline = performance?.headline;
  const trained = lastTrained === undefined ? t('never trained') : t('trained {0}', ago(lastTrained));
  const detail = (label: string, icon: string): Item => ({
    id: `${id} ${icon}`,
    label,
    icon: new vscode.ThemeIcon(icon),
    kind: 'detail',
  });
  return {
    id,
    model,
    label: modelName(id),
    description: [
      version === '0' ? trained : t('version {0}', version),
      ...(headline ? [metricText(headline)] : []),
    ].join(' · '),
    tooltip: [modelName(id), trained, ...(message ? [message] : [])],
    icon: new vscode.ThemeIcon(
      status === 'active' ? 'pass' : status === 'training' ? 'sync' : 'circle-outline',
      status === 'active' ? new vscode.ThemeColor('testing.iconPassed') : undefined,
    ),
    kind: version === '0' || version === '1' ? 'model' : 'model earlier',
    children: [
      ...(headline ? [detail(metricText(headline), 'graph')] : []),
      detail(trained, 'calendar'),
      detail(t('{0} examples of at least {1}', trainingData.examples, trainingData.needed), 'database'),
      ...(message ? [detail(message, 'info')] : []),
    ],
  };
}

/** `Brier 0.08 (baseline 0.17)`. */
function metricText({ name, value, baseline }: Metric): string {
  const figure = (number: number) => Number(number.toPrecision(3)).toString();
  return baseline === undefined
    ? `${name} ${figure(value)}`
    : t('{0} {1} (baseline {2})', name, figure(value), figure(baseline));
}
