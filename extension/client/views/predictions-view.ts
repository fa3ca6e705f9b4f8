/** Predictions whose outcome nobody has said yet, those of one migration together. */
import * as vscode from 'vscode';
import type { PredictionRecord } from '../../../core/contract/prediction.ts';
import { t } from '../../text.ts';
import { predictionLines, predictionText } from '../feedback/answer.ts';
import type { TelemetryStore } from '../telemetry-store.ts';
import { ago } from './ago.ts';
import { type Item, ItemsView } from './items-view.ts';
import { plainName } from './plain-name.ts';

export interface PredictionItem extends Item {
  prediction: PredictionRecord;
}

/** From here on a failure is likely enough to be marked. */
const RISKY = 0.5;

export function predictionsView(store: TelemetryStore): ItemsView<PredictionItem> {
  return new ItemsView('aibos.predictions', 'predictions', store, () =>
    store.known.predictions.map(predictionItem),
  );
}

function predictionItem(prediction: PredictionRecord): PredictionItem {
  const { id, subject, subjectType, at, file, line, state, failureProbability = 0 } = prediction;
  const said = predictionText(prediction);
  const name = plainName(subject);
  return {
    id,
    prediction,
    label: subjectType === 'statement' && line !== undefined ? t('{0}, line {1}', name, line) : name,
    description: [...(said ? [said] : []), ago(at)].join(' · '),
    tooltip: [
      subject,
      ...predictionLines(prediction),
      ...(file ? [line === undefined ? file : `${file}:${line}`] : []),
    ],
    icon:
      failureProbability >= RISKY && state !== 'abstained'
        ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
        : new vscode.ThemeIcon('question'),
    kind: `${state === 'abstained' ? 'abstained' : 'prediction'}${file === undefined ? '' : ' placed'}`,
    ...(file === undefined
      ? {}
      : {
          command: {
            command: 'aibos.feedback.showPrediction',
            title: t('Show Prediction'),
            arguments: [{ prediction }],
          },
        }),
  };
}
