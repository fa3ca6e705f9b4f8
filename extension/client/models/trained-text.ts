/** What a training changed, told as something that has happened: going back later does not make it untrue. Pure. */
import type { LearningModel } from '../../../core/contract/model.ts';
import { t } from '../../text.ts';
import { modelName } from '../feedback/answer.ts';

/** A sentence for each model. @param before the same models before the training */
export function trainedText(before: readonly LearningModel[], after: readonly LearningModel[]): string {
  return after
    .map(({ id, version, message }) => {
      const name = modelName(id);
      const earlier = before.find((model) => model.id === id)?.version ?? '0';
      if (version === earlier)
        return message ? `${name}: ${message}` : t('{0}: version {1} stays.', name, version);
      return earlier === '0'
        ? t('{0}: version {1} took over.', name, version)
        : t('{0}: version {1} took over from version {2}.', name, version, earlier);
    })
    .join(' ');
}
