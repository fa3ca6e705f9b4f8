/**
 * The analyser of PostgreSQL: each statement is simulated on a catalogue kept in memory, with the locks that the
 * server's source says it takes. {@link Analyser.analyse} takes the simulation back, {@link Analyser.apply} keeps it.
 */
import type { Node } from 'libpg-query';
import type { Statement } from '../../sql/statement.ts';
import type { Analyser, AnalyserOptions, StatementEffects } from '../effects.ts';
import { executeNode } from './execute.ts';
import { Run, SqlFailure } from './run.ts';
import { Schema } from './schema.ts';

/** Newest major version whose rules are known here; taken where none is given. */
export const NEWEST_VERSION = 18;

export function makePostgresAnalyser(options: AnalyserOptions): Analyser {
  const { serverVersion = NEWEST_VERSION, hasRows } = options;
  const schema = new Schema(hasRows);
  schema.settings.serverVersion = serverVersion;
  let marked = false;
  const simulate = (statement: Statement, keep: boolean): StatementEffects => {
    const run = new Run(schema, serverVersion);
    const mark = schema.journal.mark();
    let fails: string | undefined;
    try {
      if (statement.tree) executeNode(run, statement.tree as Node, statement.text);
      else run.unknown('the statement could not be read');
    } catch (error) {
      if (!(error instanceof SqlFailure)) run.unknown(`the analysis stopped: ${String(error)}`);
      else {
        fails = error.message;
        schema.journal.rollback(mark);
      }
    }
    const effects = { ...run.effects(), ...(fails === undefined ? {} : { fails }) };
    if (!keep) schema.journal.rollback(mark);
    else if (!marked) schema.journal.commit();
    return effects;
  };
  return {
    catalogue: schema,
    analyse: (statement) => simulate(statement, false),
    apply: (statement) => {
      simulate(statement, true);
    },
    mark: () => {
      marked = true;
      const mark = schema.journal.mark();
      return () => schema.journal.rollback(mark);
    },
    settle: () => {
      marked = false;
      schema.journal.commit();
    },
  };
}
