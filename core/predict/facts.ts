/** Everything that a prediction needs of a statement, taken down before the schema moves on. Plain data. */
import { type Danger, dangersOf } from './dangers.ts';
import { featureRow, type Kind, kindOf } from './features.ts';
import type { Subject } from './subject.ts';
import { type Work, workOf } from './work.ts';

export interface StatementFacts {
  kind: Kind;
  work: Work;
  features: number[];
  dangers: Danger[];
  /** Whether the sizes that decide its duration are known. */
  sized: boolean;
  /** The relation that most of its work is on. */
  relation?: string;
  dialect: Subject['dialect'];
  unanalysed?: string;
}

/** Never throws: what an unusual tree makes of it is a statement without known work. */
export function factsOf(subject: Subject, inTransaction?: boolean): StatementFacts {
  const { work, shape } = workOf(subject);
  const kind = kindOf(work, subject.statement.operations);
  const { effects, serverVersion, dialect } = subject;
  return {
    kind,
    work,
    features: featureRow({ kind, work, shape, serverVersion, inTransaction }),
    dangers: dangersOf(subject),
    sized: shape.sized,
    ...(shape.relation === undefined ? {} : { relation: shape.relation }),
    dialect,
    ...(effects.unanalysed === undefined ? {} : { unanalysed: effects.unanalysed }),
  };
}
