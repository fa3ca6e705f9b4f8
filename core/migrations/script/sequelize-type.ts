/** Types of Sequelize's columns, in each dialect. */
import type { CallContext } from './extract.ts';
import { chainOf, type Node } from './source.ts';

/** PostgreSQL, MySQL, SQLite (sequelize.org, “Data Types”). */
const TYPES: Record<string, [string, string, string]> = {
  TEXT: ['TEXT', 'TEXT', 'TEXT'],
  CITEXT: ['CITEXT', 'TEXT', 'TEXT COLLATE NOCASE'],
  BOOLEAN: ['BOOLEAN', 'TINYINT(1)', 'TINYINT(1)'],
  INTEGER: ['INTEGER', 'INTEGER', 'INTEGER'],
  BIGINT: ['BIGINT', 'BIGINT', 'BIGINT'],
  SMALLINT: ['SMALLINT', 'SMALLINT', 'SMALLINT'],
  TINYINT: ['SMALLINT', 'TINYINT', 'TINYINT'],
  MEDIUMINT: ['INTEGER', 'MEDIUMINT', 'MEDIUMINT'],
  FLOAT: ['FLOAT', 'FLOAT', 'FLOAT'],
  REAL: ['REAL', 'REAL', 'REAL'],
  DOUBLE: ['DOUBLE PRECISION', 'DOUBLE PRECISION', 'DOUBLE PRECISION'],
  DATE: ['TIMESTAMP WITH TIME ZONE', 'DATETIME', 'DATETIME'],
  DATEONLY: ['DATE', 'DATE', 'DATE'],
  TIME: ['TIME', 'TIME', 'TIME'],
  UUID: ['UUID', 'CHAR(36)', 'UUID'],
  JSON: ['JSON', 'JSON', 'JSON'],
  JSONB: ['JSONB', 'JSON', 'JSONB'],
  BLOB: ['BYTEA', 'BLOB', 'BLOB'],
  INET: ['INET', 'VARCHAR(45)', 'TEXT'],
  HSTORE: ['HSTORE', 'TEXT', 'TEXT'],
  GEOMETRY: ['GEOMETRY', 'GEOMETRY', 'TEXT'],
  GEOGRAPHY: ['GEOGRAPHY', 'GEOMETRY', 'TEXT'],
};

/** `Sequelize.STRING(50)`, `DataTypes.ARRAY(DataTypes.TEXT)`, or a type as text. Undefined where it is not known. */
export function sequelizeType(
  node: Node | undefined,
  column: string,
  context: CallContext,
): string | undefined {
  const { source, writer } = context;
  if (!node) return undefined;
  const text = source.known(node);
  if (typeof text === 'string') return text;
  const calls = chainOf(node)?.calls.filter(({ name }) => name !== 'DataTypes') ?? [];
  const [call, ...rest] = calls;
  if (!call) return undefined;
  const at = { postgres: 0, mysql: 1, sqlite: 2 }[writer.dialect as 'postgres' | 'mysql' | 'sqlite'] ?? 0;
  const [first, second] = [source.known(call.args[0]), source.known(call.args[1])];
  const unsigned =
    rest.some(({ name }) => name === 'UNSIGNED') && writer.dialect === 'mysql' ? ' UNSIGNED' : '';
  switch (call.name) {
    case 'STRING':
    case 'CHAR':
      return `${call.name === 'CHAR' ? 'CHAR' : 'VARCHAR'}(${typeof first === 'number' ? first : 255})`;
    case 'DECIMAL':
    case 'NUMERIC':
      if (typeof first !== 'number') return 'DECIMAL';
      return `DECIMAL(${first}${typeof second === 'number' ? `, ${second}` : ''})`;
    case 'TEXT':
      if (writer.dialect === 'mysql' && typeof first === 'string') return `${first.toUpperCase()}TEXT`;
      return 'TEXT';
    case 'ARRAY': {
      const inner = sequelizeType(call.args[0], column, context);
      return inner === undefined ? undefined : `${inner}[]`;
    }
    case 'ENUM': {
      const values = call.args.flatMap((argument) => source.list(argument) ?? ['']);
      if (values.length === 0 || values.includes('')) return undefined;
      const listed = values.map((value) => writer.literal(value)).join(', ');
      if (writer.dialect === 'mysql') return `ENUM(${listed})`;
      // In PostgreSQL Sequelize makes a type first; of the column nothing else follows from it.
      return writer.dialect === 'sqlite' ? 'TEXT' : `TEXT CHECK (${writer.name(column)} IN (${listed}))`;
    }
    default: {
      const type = TYPES[call.name]?.[at];
      return type === undefined ? undefined : `${type}${unsigned}`;
    }
  }
}
