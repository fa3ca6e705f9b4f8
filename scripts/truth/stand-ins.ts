/** What a bare server lacks and a history takes for granted: extensions that are not installed, and roles. */

export interface StandIn {
  sql: string;
  /** It takes the statement's place: that is not run, nor counted. */
  instead: boolean;
}

/** A type with a modifier, made of the input functions of `varchar`: enough to declare columns. */
function typeLike(name: string): string {
  return `CREATE TYPE ${name};
    CREATE FUNCTION ${name}_in(cstring, oid, integer) RETURNS ${name} LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
    CREATE FUNCTION ${name}_out(${name}) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
    CREATE TYPE ${name} (INPUT = ${name}_in, OUTPUT = ${name}_out, TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout)`;
}

const EXTENSIONS: Record<string, string> = { vector: typeLike('vector'), postgis: typeLike('geometry') };

/** How to get past an error of the server; undefined where that is not known. */
export function standInFor(error: string, text: string): StandIn | undefined {
  const extension =
    /extension "([^"]+)" is not available|could not open extension control file.*\/([\w-]+)\.control/.exec(
      error,
    );
  if (extension && /CREATE\s+EXTENSION/i.test(text))
    return { sql: EXTENSIONS[extension[1] ?? extension[2] ?? ''] ?? 'SELECT 1', instead: true };
  const role = /role "([^"]+)" does not exist/.exec(error)?.[1];
  if (role) return { sql: `CREATE ROLE "${role}"`, instead: false };
  const schema = /schema "([^"]+)" does not exist/.exec(error)?.[1];
  if (schema) return { sql: `CREATE SCHEMA "${schema}"`, instead: false };
  return undefined;
}
