/** A rule of `aibos check`: data that describes it, and a pure function from a statement in its context to findings. */
import type { Node } from 'libpg-query';
import type { Dialect } from '../contract/event.ts';
import type { Catalogue } from '../effects/catalogue.ts';
import type { StatementEffects } from '../effects/effects.ts';
import type { Statement } from '../sql/statement.ts';
import type { MigrationState } from './migration-state.ts';
import type { Severity } from './result.ts';
import type { Rewrite } from './rewrite/steps.ts';
import type { Tables } from './tables.ts';

export interface RuleContext {
  statement: Statement;
  /** PostgreSQL's parse tree; undefined for other dialects and for text that does not parse. */
  tree: Node | undefined;
  effects: StatementEffects;
  /** Effects of one command of an ALTER TABLE, as if it stood alone. */
  effectsOfCommand(index: number): StatementEffects;
  /** The schema before the statement. */
  catalogue: Catalogue;
  dialect: Dialect;
  /** Major version of the server. */
  serverVersion: number;
  tables: Tables;
  /** The migration up to this statement. */
  migration: MigrationState;
}

export interface RuleFinding {
  message: string;
  /** Schema-qualified relation that it is about; its size lowers or raises the severity. */
  relation?: string;
  severity?: Severity;
  /** Name or keyword in the statement that it is about; the whole first line where absent. */
  mark?: string;
  /** What to run instead of the statement. */
  rewrite?: Rewrite;
  /** It fails for certain when it is run. */
  fails?: boolean;
}

/** SQL that a test runs: `bad` must be found, `good` must not, `fix` is what the finding proposes for `bad`. */
export interface RuleExample {
  /** What is there before, in migrations that are already applied. */
  setup?: string;
  bad: string;
  /** Files, in order. */
  good: string[];
  fix?: string;
  /** The tool that runs it, where that matters; otherwise not known. */
  format?: 'goose' | 'prisma' | 'flyway' | 'diesel';
  dialect?: Dialect;
}

export interface Rule {
  id: string;
  severity: Severity;
  /** Off unless asked for: matters of taste, and what needs to be true only in some houses. */
  off?: true;
  /** The size of the relation decides how bad it is: lowered where it is known to be tiny, raised where it is large. */
  bySize?: true;
  /** Said once a transaction, and only of a statement of which no other rule says anything. */
  lastWord?: true;
  title: string;
  why: string;
  whatToDo: string;
  links: string[];
  examples: RuleExample[];
  /** Never throws on any parse tree; finds nothing where it does not apply. */
  check(context: RuleContext): RuleFinding[];
}
