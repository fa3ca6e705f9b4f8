/** A model that learns a label from migrations that have one: what both of that kind do alike. */
import { FEATURE_NAMES } from './features.ts';
import { described, isReadable, type Prepared, prepare, type Row, rowsOf, type Task } from './supervised.ts';
import {
  type Artifact,
  type Contenders,
  rivalryOn,
  type TrainableModel,
  type Trained,
  type TrainingContext,
} from './trainable.ts';

/** What was found of the candidates on the hold-out. */
export interface Judged extends Pick<Trained, 'metrics' | 'headline' | 'beatsBaseline' | 'candidates'> {
  best: { algorithm: Prepared['entrants'][number]['algorithm']; artifact: object };
  /** Losses of the best on the hold-out, in its order, where its rows are altered so. */
  lossesOf: (rows: readonly number[][]) => number[];
}

export interface Supervised
  extends Pick<TrainableModel, 'id' | 'name' | 'type' | 'baseline' | 'needed' | 'shortage'> {
  task: Task;
  /** What decides between two versions, and its losses by a stored model. */
  contest: Pick<Contenders<Row>, 'metric' | 'lossesOf'>;
  judge(prepared: Prepared, context: TrainingContext): Judged;
}

export function supervisedModel({ task, contest, judge, ...about }: Supervised): TrainableModel {
  const contenders: Contenders<Row> = { ...contest, isReadable };
  return {
    ...about,
    algorithm: task.algorithms.map(({ name }) => name).join(', '),
    features: FEATURE_NAMES,
    train(examples, context) {
      const { seed, champion } = context;
      const prepared = prepare(task, examples, context);
      const { best, lossesOf, ...found } = judge(prepared, context);
      const artifact = best.artifact as Artifact;
      const rivalry =
        champion && rivalryOn(prepared.known, { champion, challenger: artifact }, contenders, seed);
      return {
        ...described(prepared, best.algorithm, lossesOf, seed),
        artifact,
        ...found,
        ...(rivalry ? { rivalry } : {}),
      };
    },
    compare: (examples, champion, challenger, seed) =>
      rivalryOn(rowsOf(task, examples), { champion, challenger }, contenders, seed),
  };
}
