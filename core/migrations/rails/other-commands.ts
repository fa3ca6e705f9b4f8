/** Commands of a migration that are not about one table: SQL itself, enums, extensions, schemas. */
import type { Reading, Unknown } from './column.ts';
import { list, type Options, type Value, word } from './values.ts';

type Command = (
  args: readonly (Value | undefined)[],
  options: Options,
  reading: Reading,
) => string[] | Unknown;

/** What is sent in a form that does no harm where its object is there already, or is not. */
export const HARMLESS_UNDER_GUARD: ReadonlySet<string> = new Set([
  'drop_table',
  'drop_enum',
  'enable_extension',
  'disable_extension',
]);

export const OTHER_COMMANDS: Record<string, Command> = {
  execute: ([sql]) => {
    const text = word(sql);
    return text === undefined
      ? { unknown: 'the SQL is put together when it runs' }
      : text.trim() === ''
        ? []
        : [text];
  },
  drop_table: (names, options, { writer, guarded }) => {
    const tables = names.map((name) => word(name));
    if (tables.length === 0 || tables.includes(undefined))
      return { unknown: 'which table is dropped is not known' };
    const exists = options.get('if_exists') === true || guarded ? 'IF EXISTS ' : '';
    const cascade = options.get('force') === 'cascade' ? ' CASCADE' : '';
    return tables.map((table) => `DROP TABLE ${exists}${writer.name(table ?? '')}${cascade}`);
  },
  enable_extension: ([name], _, { writer }) => {
    const extension = word(name);
    if (extension === undefined) return { unknown: 'which extension is enabled is not known' };
    const [schema, plain] = extension.includes('.') ? extension.split('.') : [undefined, extension];
    return [
      `CREATE EXTENSION IF NOT EXISTS ${writer.name(plain ?? extension)}${schema === undefined ? '' : ` SCHEMA ${writer.name(schema)}`}`,
    ];
  },
  disable_extension: ([name], options, { writer }) => {
    const extension = word(name);
    if (extension === undefined) return { unknown: 'which extension is disabled is not known' };
    const cascade = options.get('force') === 'cascade' || !options.has('force') ? ' CASCADE' : '';
    return [`DROP EXTENSION IF EXISTS ${writer.name(extension)}${cascade}`];
  },
  create_enum: ([name, values], _, { writer }) => {
    const [type, labels] = [word(name), list(values)];
    if (type === undefined || !labels) return { unknown: 'the values of the enum are not known' };
    return [
      `CREATE TYPE ${writer.name(type)} AS ENUM (${labels.map((label) => writer.literal(label)).join(', ')})`,
    ];
  },
  drop_enum: ([name], options, { writer, guarded }) => {
    const type = word(name);
    if (type === undefined) return { unknown: 'which enum is dropped is not known' };
    return [
      `DROP TYPE ${options.get('if_exists') === true || guarded ? 'IF EXISTS ' : ''}${writer.name(type)}`,
    ];
  },
  add_enum_value: ([name, value], options, { writer }) => {
    const [type, label] = [word(name), word(value)];
    if (type === undefined || label === undefined) return { unknown: 'the value of the enum is not known' };
    const place = ['before', 'after'].flatMap((side) => {
      const other = word(options.get(side));
      return other === undefined ? [] : [` ${side.toUpperCase()} ${writer.literal(other)}`];
    });
    const exists = options.get('if_not_exists') === true ? 'IF NOT EXISTS ' : '';
    return [`ALTER TYPE ${writer.name(type)} ADD VALUE ${exists}${writer.literal(label)}${place.join('')}`];
  },
  rename_enum: ([name, to], options, { writer }) => {
    const [type, now] = [word(name), word(to) ?? word(options.get('to'))];
    if (type === undefined || now === undefined) return { unknown: 'which enum is renamed is not known' };
    return [`ALTER TYPE ${writer.name(type)} RENAME TO ${writer.name(now)}`];
  },
  rename_enum_value: ([name], options, { writer }) => {
    const [type, from, to] = [word(name), word(options.get('from')), word(options.get('to'))];
    if (type === undefined || from === undefined || to === undefined)
      return { unknown: 'which value of the enum is renamed is not known' };
    return [`ALTER TYPE ${writer.name(type)} RENAME VALUE ${writer.literal(from)} TO ${writer.literal(to)}`];
  },
  create_schema: ([name], options, { writer }) => {
    const schema = word(name);
    if (schema === undefined) return { unknown: 'which schema is made is not known' };
    return [
      `CREATE SCHEMA ${options.get('if_not_exists') === true ? 'IF NOT EXISTS ' : ''}${writer.name(schema)}`,
    ];
  },
  drop_schema: ([name], options, { writer }) => {
    const schema = word(name);
    if (schema === undefined) return { unknown: 'which schema is dropped is not known' };
    return [
      `DROP SCHEMA ${options.get('if_exists') === true ? 'IF EXISTS ' : ''}${writer.name(schema)} CASCADE`,
    ];
  },
};
