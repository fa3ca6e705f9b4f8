/** Whether an expression is volatile: `contain_volatile_functions`, with pg_proc's own marks. */
import type { Node } from 'libpg-query';
import { parsed } from './calls.ts';
import type { Schema } from './schema.ts';
import { as, nameOf, strings, walk } from './tree.ts';

/** Volatile functions that a default may call, of PostgreSQL and of its usual extensions (`provolatile = 'v'`). */
const VOLATILE = new Set([
  'random',
  'random_normal',
  'setseed',
  'clock_timestamp',
  'timeofday',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'nextval',
  'currval',
  'lastval',
  'setval',
  'set_config',
  'pg_sleep',
  'txid_current',
  'pg_current_xact_id',
  'pg_advisory_lock',
  'pg_try_advisory_lock',
  'query_to_xml',
  'gen_random_bytes',
  'gen_salt',
  'uuid_generate_v1',
  'uuid_generate_v1mc',
  'uuid_generate_v4',
  'pgp_sym_encrypt',
  'pgp_pub_encrypt',
  'normal_rand',
]);

/** Names under which functions of extensions that are not known here make new keys. */
const MAKES_KEYS =
  /ulid|nanoid|cuid|snowflake|ksuid|typeid|uuid_?(?:generate|v[1-8])|gen(?:erate)?_(?:id|key|random)/;

export function isVolatile(schema: Schema, expression: Node | undefined): boolean {
  let found = false;
  walk([expression], (kind, body) => {
    if (kind === 'FuncCall' && callIsVolatile(schema, strings(body.funcname as Node[]))) found = true;
    return found;
  });
  return found;
}

function callIsVolatile(schema: Schema, parts: readonly string[]): boolean {
  const [routine] = schema.findRoutines(nameOf(parts));
  const name = parts.at(-1) ?? '';
  if (!routine) return VOLATILE.has(name) || MAKES_KEYS.test(name);
  if (routine.volatility !== 'volatile') return false;
  const inlined = routine.language === 'sql' ? as('SelectStmt', parsed(routine.body)[0]) : undefined;
  const isExpression =
    inlined && !inlined.fromClause && !inlined.whereClause && inlined.targetList?.length === 1;
  return isExpression ? isVolatile(schema, inlined.targetList?.[0]) : true;
}
