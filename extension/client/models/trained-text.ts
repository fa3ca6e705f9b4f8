/** What a training changed, told as something that has happened: going back later does not make it untrue. Pure. */
import type { LearningModel } from '../../../core/contract/model.ts';
import { t } from '../../text.ts';
import { modelName } from '../feedback/answer.ts';

/** A sentence for each model. @param before the same models before the training */
export function trainedText(before: readonly LearningModel[], after: readonly LearningModel[]): string {
  const nothingYet = after.length > 1 && after.every(({ version }) => version === '0');
  const sentences = after.map(({ id, version, message }) => {
    const name = modelName(id);
    const earlier = before.find((model) => model.id === id)?.version ?? '0';
    if (version === earlier)
      return message ? sentence(`${name}: ${message}`) : t('{0}: version {1} stays.', name, version);
    return earlier === '0'
      ? t('{0}: version {1} took over.', name, version)
      : t('{0}: version {1} took over from version {2}.', name, version, earlier);
  });
  return [...(nothingYet ? [t('Nothing could be learned yet.')] : []), ...sentences].join(' ');
}

/** What is said of a model ends with no full stop where it stands alone. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
