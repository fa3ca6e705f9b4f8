/** What says how a statement will go: the shipped prior, moved by what came of predictions on this machine. */
import { readOwnOutcomes } from '../../../core/node/predict/own-outcomes-file.ts';
import { Predictor } from '../../../core/predict/predictor.ts';

export class OwnPredictor {
  #known: { version: string | undefined; predictor: Predictor } | undefined;

  /** Made anew when an outcome has moved it. Without a data folder it is the prior alone. */
  current(dataFolder: string | undefined): Predictor {
    const own = dataFolder === undefined ? undefined : readOwnOutcomes(dataFolder);
    if (this.#known && this.#known.version === own?.version) return this.#known.predictor;
    const predictor = new Predictor(own);
    this.#known = { version: own?.version, predictor };
    return predictor;
  }
}
