/**
 * The simplest analyser: the locks of a statement by its operations alone, for dialects of which no more is known here.
 * It knows which relations there are, and nothing about them.
 */
import type { Dialect } from '../contract/event.ts';
import type { Operation } from '../sql/operations.ts';
import type { Statement } from '../sql/statement.ts';
import type { Catalogue, CatalogueRelation, RelationKind } from './catalogue.ts';
import { type Analyser, noEffects, type StatementEffects } from './effects.ts';
import { LOCK_MODES, type LockMode, stronger, blocks as whatIsBlocked } from './lock-modes.ts';

/** Mode that an operation takes on its own relation; null where it takes none. Absent: not known. */
const MODES: Record<string, LockMode | null> = {
  ...all('ACCESS EXCLUSIVE', [
    'add_column',
    'drop_column',
    'alter_column_type',
    'set_not_null',
    'drop_not_null',
    'set_default',
    'drop_default',
    'add_primary_key',
    'add_unique',
    'add_check',
    'add_exclusion',
    'add_not_null',
    'drop_constraint',
    'rename_table',
    'rename_column',
    'rename_constraint',
    'rename_view',
    'drop_table',
    'drop_view',
    'drop_materialized_view',
    'truncate',
    'drop_trigger',
    'drop_policy',
    'create_policy',
    'create_rule',
    'enable_row_security',
    'disable_row_security',
    'set_schema',
    'change_owner',
    'set_tablespace',
    'replica_identity',
    'refresh_materialized_view',
  ]),
  ...all('SHARE ROW EXCLUSIVE', ['add_foreign_key', 'create_trigger']),
  ...all('SHARE', ['create_index', 'create_unique_index']),
  ...all('SHARE UPDATE EXCLUSIVE', [
    'create_index_concurrently',
    'create_unique_index_concurrently',
    'validate_constraint',
    'attach_partition',
  ]),
  ...all('ROW EXCLUSIVE', ['insert', 'update', 'delete']),
  ...all(null, [
    'create_table',
    'create_type',
    'add_enum_value',
    'rename_enum_value',
    'create_extension',
    'create_schema',
    'begin',
    'commit',
    'rollback',
    'start',
    'set',
    'create_function',
    'create_procedure',
    'drop_function',
    'drop_procedure',
    'drop_type',
    'create_sequence',
    'alter_type',
    'create_domain',
    'comment_on_function',
    'comment_on_type',
    'comment_on_schema',
    'comment_on_extension',
    'create_role',
    'alter_role',
    'drop_role',
    'variable_show',
  ]),
};

function all(mode: LockMode | null, names: string[]): Record<string, LockMode | null> {
  return Object.fromEntries(names.map((name) => [name, mode]));
}

class Relations implements Catalogue {
  readonly #relations = new Map<string, CatalogueRelation>();

  relation(name: string): CatalogueRelation | undefined {
    return this.#relations.get(name);
  }

  resolve(schema: string | undefined, name: string): CatalogueRelation | undefined {
    return this.#relations.get(schema === undefined ? `public.${name}` : `${schema}.${name}`);
  }

  relations(): Iterable<CatalogueRelation> {
    return this.#relations.values();
  }

  copy(): Relations {
    const copy = new Relations();
    for (const [name, relation] of this.#relations) copy.#relations.set(name, relation);
    return copy;
  }

  apply(operations: readonly Operation[]): void {
    for (const { name, objects } of operations) {
      const kind: RelationKind | undefined = /^create_(?:table|partition)/.test(name)
        ? 'table'
        : /^create_(?:materialized_)?view/.test(name)
          ? 'view'
          : undefined;
      for (const object of objects) {
        if (kind) this.#relations.set(object, emptyRelation(object, kind));
        else if (/^drop_(?:table|view|materialized_view)/.test(name)) this.#relations.delete(object);
      }
    }
  }
}

function emptyRelation(name: string, kind: RelationKind): CatalogueRelation {
  return {
    name,
    kind,
    known: true,
    hasRows: false,
    columns: new Map(),
    constraints: new Map(),
    indexes: new Map(),
    triggers: new Set(),
    parents: [],
    children: [],
    views: [],
  };
}

/** Never fails; what it does not know it says in `unanalysed`. */
export function makeByOperations(dialect: Dialect): Analyser {
  let catalogue = new Relations();
  return {
    get catalogue() {
      return catalogue;
    },
    analyse: ({ operations }: Statement): StatementEffects => {
      if (dialect !== 'postgres' && dialect !== 'unknown')
        return { ...noEffects(), unanalysed: `locks of ${dialect} are not analysed` };
      return effectsOf(operations);
    },
    apply: ({ operations }) => catalogue.apply(operations),
    settle: () => undefined,
    mark: () => {
      const kept = catalogue.copy();
      return () => {
        catalogue = kept.copy();
      };
    },
  };
}

function effectsOf(operations: readonly Operation[]): StatementEffects {
  const strongest = new Map<string, LockMode>();
  const unknown: string[] = [];
  for (const { name, objects } of operations) {
    const mode = MODES[name];
    if (mode === undefined) unknown.push(name);
    if (!mode) continue;
    for (const relation of objects) {
      const held = strongest.get(relation);
      strongest.set(relation, held ? stronger(held, mode) : mode);
    }
  }
  const locks = [...strongest].map(([relation, mode]) => ({ relation, mode }));
  const top = locks.map(({ mode }) => mode).reduce(stronger, LOCK_MODES[0]);
  return {
    ...noEffects(),
    locks,
    blocks: whatIsBlocked(top),
    ...(unknown.length > 0
      ? { unanalysed: `locks of ${[...new Set(unknown)].join(', ')} are not known here` }
      : {}),
  };
}
