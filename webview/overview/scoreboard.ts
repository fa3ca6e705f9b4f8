/** How right the predictions were, for the models that predict migrations. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { RealisedAccuracy } from '../../core/contract/model.ts';

const PREDICTING = ['error-prediction', 'performance-prediction'] as const;

export type Scoreboard = Record<(typeof PREDICTING)[number], RealisedAccuracy>;

export async function scoreboard(client: Pick<TelemetryClient, 'call'>): Promise<Scoreboard> {
  const [failures, durations] = await Promise.all(
    PREDICTING.map((id) => client.call('models.performance', { id })),
  );
  return {
    'error-prediction': realised(failures),
    'performance-prediction': realised(durations),
  };
}

function realised(answer: { realised: RealisedAccuracy } | undefined): RealisedAccuracy {
  return answer?.realised ?? { predictions: 0, resolved: 0, abstained: 0, byVersion: [], recent: [] };
}
