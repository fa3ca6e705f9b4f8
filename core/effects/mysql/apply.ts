/** Moves what is known of a schema on, as if a statement had run. */

import { lexemes } from '../../sql/cursor.ts';
import type { AlterAction, MysqlStatement } from '../../sql/mysql/ast.ts';
import { type MysqlCatalogue, MysqlTable, tableFrom, tableLike } from './catalogue.ts';

export function applyMysql(read: MysqlStatement, text: string, catalogue: MysqlCatalogue): void {
  switch (read.kind) {
    case 'create_table': {
      if (read.ifNotExists && catalogue.relation(read.table)) return;
      const { definition, table } = read;
      const like = definition.like === undefined ? undefined : catalogue.relation(definition.like);
      const made = like ? tableLike(table, like) : tableFrom(table, definition);
      made.temporary = read.temporary;
      made.databaseCharset = like ? like.charset : catalogue.charset;
      made.hasRows = definition.fromQuery;
      catalogue.add(made);
      return;
    }
    case 'alter_table': {
      const table = catalogue.kept(read.table);
      for (const action of read.actions) applyAction(action, table, catalogue);
      return;
    }
    case 'create_index':
      catalogue.kept(read.table).addIndex(read.index);
      return;
    case 'drop_index':
      catalogue.kept(read.table).dropIndex(read.name);
      return;
    case 'drop_table':
      for (const table of read.tables) catalogue.remove(table);
      return;
    case 'rename_table':
      for (const { from, to } of read.pairs) catalogue.rename(from, to);
      return;
    case 'truncate':
      catalogue.kept(read.table).hasRows = false;
      return;
    case 'view':
      for (const name of read.names) {
        if (read.verb === 'drop') catalogue.remove(name);
        else catalogue.add(new MysqlTable(name, 'view', true));
        for (const source of read.reads) catalogue.relation(source)?.views.push(name);
      }
      return;
    case 'trigger': {
      const key = (read.name.split('.').at(-1) ?? read.name).toLowerCase();
      if (read.verb === 'create' && read.table) catalogue.kept(read.table).triggers.add(key);
      else for (const table of catalogue.relations()) table.triggers.delete(key);
      return;
    }
    case 'rows':
      if (read.verb === 'insert' || read.verb === 'replace' || read.verb === 'load')
        for (const name of read.writes) catalogue.kept(name).hasRows = true;
      return;
    case 'other':
      if (read.verb === 'set') setting(text, catalogue);
      if (read.noun === 'database' || read.noun === 'schema')
        catalogue.charset = charsetOf(text) ?? catalogue.charset;
      return;
    default:
  }
}

/** Of `CREATE DATABASE x CHARACTER SET = utf8mb4`. */
function charsetOf(text: string): string | undefined {
  const words = lexemes(text, 'mysql');
  const at = words.findIndex(
    ({ word }, i) => word === 'CHARSET' || (word === 'SET' && words[i - 1]?.word === 'CHARACTER'),
  );
  const value = at === -1 ? undefined : words.slice(at + 1).find(({ text: part }) => part !== '=');
  return value?.text.toLowerCase();
}

/** `SET [SESSION] FOREIGN_KEY_CHECKS = 0`, with or without `@@`, alone or among others. */
function setting(text: string, catalogue: MysqlCatalogue): void {
  const words = lexemes(text, 'mysql');
  const at = words.findIndex(({ word }) => word === 'FOREIGN_KEY_CHECKS');
  if (at === -1) return;
  const value = words.slice(at + 1).find(({ text: part }) => part !== '=' && part !== ':');
  catalogue.foreignKeyChecks = value?.word !== '0' && value?.word !== 'OFF';
}

function applyAction(action: AlterAction, table: MysqlTable, catalogue: MysqlCatalogue): void {
  switch (action.action) {
    case 'add_column':
      if (action.ifNotExists && table.column(action.column.name)) return;
      table.addColumn(action.column, action.position);
      return;
    case 'drop_column':
      table.dropColumn(action.name);
      return;
    case 'modify_column':
      table.replaceColumn(action.from, action.column, action.position);
      return;
    case 'rename_column':
      table.renameColumn(action.from, action.to);
      return;
    case 'add_index':
      table.addIndex(action.index);
      return;
    case 'drop_index':
    case 'drop_foreign_key':
    case 'drop_check':
    case 'drop_constraint':
      if (action.action === 'drop_foreign_key') table.constraints.delete(action.name.toLowerCase());
      else table.dropIndex(action.name);
      return;
    case 'drop_primary_key':
      table.dropIndex('primary');
      return;
    case 'add_foreign_key':
      table.addForeignKey(action.key);
      return;
    case 'add_check':
      table.addCheck(action.name, action.expression);
      return;
    case 'rename_table':
      catalogue.rename(table.name, action.to);
      return;
    case 'convert_charset':
      convert(table, action.charset);
      return;
    case 'option':
      table.options.set(action.name, action.value);
      return;
    case 'partition':
      if (action.what === 'BY') table.partitioned = true;
      if (action.what === 'REMOVE') table.partitioned = false;
      return;
    case 'set_default':
    case 'drop_default': {
      const column = table.column(action.name);
      if (action.action === 'drop_default' && column) {
        delete column.default;
        delete column.definition.default;
      }
      return;
    }
    default:
  }
}

function convert(table: MysqlTable, charset: string): void {
  table.options.set('CHARACTER SET', charset);
  for (const { definition } of table.columns.values()) {
    if (definition.type.charset !== undefined) definition.type.charset = charset;
    delete definition.type.collation;
  }
}
