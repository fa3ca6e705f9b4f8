/** What a prediction is made of: a statement, what it does, the schema and the statistics of the tables before it. */
import type { Dialect } from '../contract/event.ts';
import type { Catalogue } from '../effects/catalogue.ts';
import type { StatementEffects } from '../effects/effects.ts';
import type { Statement } from '../sql/statement.ts';
import type { TableKnowledge } from './table-knowledge.ts';

export interface Subject {
  statement: Statement;
  effects: StatementEffects;
  /** The schema before the statement. */
  catalogue: Catalogue;
  dialect: Dialect;
  /** Major version of the server. */
  serverVersion: number;
  /** What is known of the rows, with what earlier statements of the same migration did to them. */
  knowledge: TableKnowledge;
}
