/** Types of Knex's columns, in each dialect. */
import type { CallContext } from './extract.ts';
import type { Call } from './source.ts';
import type { ColumnSpec } from './writer.ts';

/** PostgreSQL, MySQL, SQLite. */
const TYPES: Record<string, [string, string, string]> = {
  integer: ['integer', 'int', 'integer'],
  int: ['integer', 'int', 'integer'],
  tinyint: ['smallint', 'tinyint', 'tinyint'],
  smallint: ['smallint', 'smallint', 'smallint'],
  mediumint: ['integer', 'mediumint', 'mediumint'],
  bigInteger: ['bigint', 'bigint', 'bigint'],
  bigint: ['bigint', 'bigint', 'bigint'],
  float: ['real', 'float', 'float'],
  double: ['double precision', 'double', 'float'],
  boolean: ['boolean', 'tinyint(1)', 'boolean'],
  bool: ['boolean', 'tinyint(1)', 'boolean'],
  date: ['date', 'date', 'date'],
  time: ['time', 'time', 'time'],
  binary: ['bytea', 'blob', 'blob'],
  json: ['json', 'json', 'json'],
  jsonb: ['jsonb', 'json', 'json'],
  uuid: ['uuid', 'char(36)', 'char(36)'],
  geometry: ['geometry', 'geometry', 'geometry'],
  geography: ['geography', 'geometry', 'geography'],
  point: ['point', 'point', 'point'],
};

/** In words what is not known, where something is not. */
export function knexColumn(
  { name: method, args }: Call,
  { source, writer }: CallContext,
): ColumnSpec | string {
  const at = { postgres: 0, mysql: 1, sqlite: 2 }[writer.dialect as 'postgres' | 'mysql' | 'sqlite'] ?? 0;
  const counts = ['increments', 'bigIncrements', 'tinyIncrements'].includes(method);
  const name = source.word(args[0]) ?? (counts ? 'id' : undefined);
  if (name === undefined) return `the name of the column of ${method} is not known`;
  const column = (type: string): ColumnSpec => ({ name, type });
  const [first, second] = [source.known(args[1]), source.known(args[2])];
  const fields = source.fields(args[1]);
  if (counts) {
    const key = source.known(fields?.get('primaryKey')) !== false;
    const type = method === 'bigIncrements' ? 'bigint' : 'integer';
    return {
      name,
      type: writer.dialect === 'mysql' ? `${type === 'integer' ? 'int' : type} unsigned` : type,
      autoIncrement: true,
      notNull: true,
      primaryKey: key,
    };
  }
  const type = TYPES[method]?.[at];
  if (type !== undefined) return column(type);
  switch (method) {
    case 'text':
      return column(writer.dialect === 'mysql' && typeof first === 'string' ? first : 'text');
    case 'string':
      return column(`varchar(${typeof first === 'number' ? first : 255})`);
    case 'decimal':
      return column(
        first === null
          ? 'decimal'
          : `decimal(${typeof first === 'number' ? first : 8}, ${typeof second === 'number' ? second : 2})`,
      );
    case 'timestamp':
    case 'datetime':
    case 'dateTime': {
      if (writer.dialect === 'mysql') return column(method === 'timestamp' ? 'timestamp' : 'datetime');
      if (writer.dialect === 'sqlite') return column('datetime');
      const plain = source.known(fields?.get('useTz')) === false || first === true;
      return column(plain ? 'timestamp' : 'timestamptz');
    }
    case 'specificType':
      return typeof first === 'string' ? column(first) : `the type of ${name} is not known`;
    case 'enum':
    case 'enu': {
      const values = source.list(args[1]);
      if (!values) return `the values of ${name} are not known`;
      const options = source.fields(args[2]);
      const enumName = source.word(options?.get('enumName'));
      if (writer.dialect === 'postgres' && enumName !== undefined)
        return source.known(options?.get('existingType')) === true
          ? column(writer.name(enumName))
          : `the type ${enumName} is made by Knex`;
      const listed = values.map((value) => writer.literal(value)).join(', ');
      return column(
        writer.dialect === 'mysql' ? `enum(${listed})` : `text CHECK (${writer.name(name)} IN (${listed}))`,
      );
    }
    default:
      return `${method} is not known`;
  }
}
