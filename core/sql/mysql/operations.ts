/** What a statement of MySQL or MariaDB does, in the words that are the same for every dialect. */
import type { Operation } from '../operations.ts';
import type { AlterAction, IndexDefinition, MysqlStatement } from './ast.ts';

function one(name: string, objects: string[], destructive = false): Operation {
  return { name, objects, destructive };
}

export function mysqlOperations(statement: MysqlStatement): Operation[] {
  switch (statement.kind) {
    case 'alter_table': {
      const found = statement.actions.map((action) => alteration(action, statement.table));
      return found.length > 0 ? found : [one('alter_table', [statement.table])];
    }
    case 'create_table':
      return [one(statement.definition.fromQuery ? 'create_table_as' : 'create_table', [statement.table])];
    case 'create_index':
      return [one(createIndex(statement.index), [statement.table])];
    case 'drop_index':
      return [one('drop_index', [statement.table])];
    case 'drop_table':
      return [one('drop_table', statement.tables, true)];
    case 'rename_table':
      return statement.pairs.map(({ from }) => one('rename_table', [from]));
    case 'truncate':
      return [one('truncate', [statement.table], true)];
    case 'maintain':
      return [one(`${statement.verb}_table`, statement.tables)];
    case 'lock_tables':
      return [
        one(
          'lock_tables',
          statement.tables.map(({ name }) => name),
        ),
      ];
    case 'view':
      return [one(`${statement.verb}_view`, statement.names)];
    case 'trigger':
      return [one(`${statement.verb}_trigger`, statement.table ? [statement.table] : [])];
    case 'rows':
      return [
        one(
          statement.verb === 'load' ? 'insert' : statement.verb,
          statement.writes,
          statement.verb === 'delete',
        ),
      ];
    case 'other': {
      const { verb, noun, name } = statement;
      const definition = verb === 'create' || verb === 'drop' || verb === 'alter';
      if (!definition) return [one(verb, [])];
      return [one(`${verb}_${noun}`, name ? [name] : [], verb === 'drop' && noun === 'database')];
    }
  }
}

function createIndex({ kind }: IndexDefinition): string {
  return kind === 'unique' ? 'create_unique_index' : 'create_index';
}

function alteration(action: AlterAction, table: string): Operation {
  switch (action.action) {
    case 'drop_column':
      return one('drop_column', [table], true);
    case 'modify_column':
      return one('alter_column_type', [table]);
    case 'add_index': {
      const { kind } = action.index;
      return one(kind === 'primary' ? 'add_primary_key' : kind === 'unique' ? 'add_unique' : 'add_index', [
        table,
      ]);
    }
    case 'drop_primary_key':
    case 'drop_foreign_key':
    case 'drop_check':
    case 'drop_constraint':
      return one('drop_constraint', [table]);
    case 'convert_charset':
      return one('convert_character_set', [table]);
    case 'option':
      return one('set_table_option', [table]);
    case 'partition': {
      const name = `${action.what.toLowerCase().replace(' ', '_')}_partition`;
      return one(
        name === 'by_partition' ? 'partition_table' : name,
        [table],
        ['DROP', 'TRUNCATE'].includes(action.what),
      );
    }
    default:
      return one(action.action, [table]);
  }
}
