/**
 * The queries that read a PostgreSQL schema (11 or newer) from its catalogues, one for each category of objects, and
 * the fingerprint by which the next reading knows what has changed. Run with an empty search path, so that everything
 * is printed with qualified names.
 */
import type { Category } from './snapshot.ts';

/** Oids of objects that were not there when the cluster was made (FirstNormalObjectId). */
const FIRST_OID = 16384;
const USER_SCHEMA = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'`;
const RELATION_KINDS = `('r', 'p', 'v', 'm', 'f')`;

/** Objects that an extension brought are the extension's, not the schema's. */
function notOfExtension(catalog: string, oid: string): string {
  return `${oid} NOT IN (SELECT objid FROM pg_depend WHERE classid = '${catalog}'::regclass AND deptype = 'e')`;
}

/** Privileges of others than the owner; null where they are the default of the kind. */
function grants(acl: string, owner: string, publicDefault?: string): string {
  const list = `(SELECT json_agg(x.privilege_type || ' TO '
      || CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END
      || CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
      ORDER BY x.grantee <> 0, pg_get_userbyid(x.grantee), x.privilege_type)
    FROM aclexplode(${acl}) x WHERE x.grantee <> ${owner})`;
  if (publicDefault === undefined) return `CASE WHEN ${acl} IS NOT NULL THEN ${list} END`;
  return `CASE WHEN ${acl} IS NOT NULL THEN
    CASE WHEN ${list}::text = '["${publicDefault} TO PUBLIC"]' THEN NULL ELSE coalesce(${list}, '["NONE"]') END END`;
}

function comment(oid: string, catalog: string): string {
  return `obj_description(${oid}, '${catalog}')`;
}

/** A collation where it is not the one of the type. */
function collation(chosen: string, type: string): string {
  return `(SELECT quote_ident(cn.nspname) || '.' || quote_ident(cl.collname) FROM pg_collation cl
    JOIN pg_namespace cn ON cn.oid = cl.collnamespace
    WHERE cl.oid = ${chosen} AND ${chosen} <> (SELECT typcollation FROM pg_type WHERE oid = ${type}))`;
}

/** Options of a sequence that differ from what its type gives it. */
const IDENTITY_OPTIONS = `(SELECT nullif(concat_ws(' ',
    CASE WHEN s.seqincrement <> 1 THEN 'INCREMENT BY ' || s.seqincrement END,
    CASE WHEN s.seqmin <> 1 THEN 'MINVALUE ' || s.seqmin END,
    CASE WHEN s.seqmax <> CASE s.seqtypid WHEN 20 THEN 9223372036854775807 WHEN 23 THEN 2147483647 ELSE 32767 END
         THEN 'MAXVALUE ' || s.seqmax END,
    CASE WHEN s.seqstart <> 1 THEN 'START WITH ' || s.seqstart END,
    CASE WHEN s.seqcache <> 1 THEN 'CACHE ' || s.seqcache END,
    CASE WHEN s.seqcycle THEN 'CYCLE' END), '')
  FROM pg_sequence s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype = 'i'
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)`;

/**
 * What a partition has of its parent's keys and indexes is the parent's, and named by chance: it is left out.
 *
 * @param version `server_version_num`
 */
function relations(version: number): string {
  const generated = version >= 120_000 ? 'a.attgenerated' : `''`;
  const ownTriggers = version >= 130_000 ? 'AND t.tgparentid = 0' : '';
  return `
SELECT c.oid, json_build_object(
  'kind', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned_table' WHEN 'v' THEN 'view'
                         WHEN 'm' THEN 'materialized_view' ELSE 'foreign_table' END,
  'schema', n.nspname, 'name', c.relname,
  'columns', (SELECT coalesce(json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'nullable', NOT a.attnotnull,
      'expression', pg_get_expr(d.adbin, d.adrelid),
      'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
      'identityOptions', CASE WHEN a.attidentity <> '' THEN ${IDENTITY_OPTIONS} END,
      'generated', CASE ${generated} WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END,
      'collation', CASE WHEN a.attcollation NOT IN (0, 100) THEN ${collation('a.attcollation', 'a.atttypid')} END,
      'inherited', CASE WHEN a.attinhcount > 0 THEN true END,
      'comment', col_description(c.oid, a.attnum),
      'grants', ${grants('a.attacl', 'c.relowner')}
    ) ORDER BY a.attnum), '[]')
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'constraints', (SELECT coalesce(json_agg(json_build_object(
      'name', k.conname,
      'type', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key'
                             WHEN 'c' THEN 'check' ELSE 'exclusion' END,
      'definition', pg_get_constraintdef(k.oid), 'validated', k.convalidated,
      'inherited', CASE WHEN k.coninhcount > 0 THEN true END,
      'comment', ${comment('k.oid', 'pg_constraint')}) ORDER BY k.conname), '[]')
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0),
  'indexes', (SELECT coalesce(json_agg(json_build_object(
      'name', i.relname, 'definition', pg_get_indexdef(x.indexrelid), 'unique', x.indisunique, 'valid', x.indisvalid,
      'constraint', CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid
                                      AND k.contype IN ('p', 'u', 'x')) THEN true END,
      'comment', ${comment('i.oid', 'pg_class')}) ORDER BY i.relname), '[]')
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND NOT i.relispartition),
  'triggers', CASE WHEN NOT c.relhastriggers THEN '[]' ELSE (SELECT coalesce(json_agg(json_build_object(
      'name', t.tgname, 'definition', pg_get_triggerdef(t.oid),
      'enabled', CASE t.tgenabled WHEN 'O' THEN 'origin' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always' END,
      'comment', ${comment('t.oid', 'pg_trigger')}) ORDER BY t.tgname), '[]')
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ${ownTriggers}) END,
  'policies', (SELECT coalesce(json_agg(json_build_object(
      'name', p.polname,
      'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                               WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
      'permissive', p.polpermissive,
      'roles', (SELECT json_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END
                                ORDER BY pg_get_userbyid(r))
                FROM unnest(p.polroles) r),
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
      'comment', ${comment('p.oid', 'pg_policy')}) ORDER BY p.polname), '[]')
    FROM pg_policy p WHERE p.polrelid = c.oid),
  'rules', CASE WHEN c.relhasrules THEN (SELECT json_agg(json_build_object('name', r.rulename,
      'definition', rtrim(pg_get_ruledef(r.oid), ';')) ORDER BY r.rulename)
    FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN') END,
  'statistics', (SELECT json_agg(json_build_object('name', e.stxname, 'definition', pg_get_statisticsobjdef(e.oid))
      ORDER BY e.stxname)
    FROM pg_statistic_ext e WHERE e.stxrelid = c.oid),
  'definition', CASE WHEN c.relkind IN ('v', 'm') THEN rtrim(pg_get_viewdef(c.oid), ';') END,
  'rowSecurity', CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN 'forced'
                      WHEN c.relrowsecurity THEN 'enabled' WHEN c.relforcerowsecurity THEN 'forced but disabled' END,
  'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END,
  'options', CASE WHEN c.reloptions IS NOT NULL THEN to_json(c.reloptions) END,
  'partitionKey', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
  'partitionOf', CASE WHEN c.relispartition THEN (SELECT json_build_object('schema', pn.nspname, 'name', pc.relname,
      'bound', pg_get_expr(c.relpartbound, c.oid))
    FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace
    WHERE h.inhrelid = c.oid) END,
  'inherits', CASE WHEN NOT c.relispartition AND c.relkind = 'r' THEN (SELECT json_agg(pn.nspname || '.' || pc.relname
      ORDER BY h.inhseqno)
    FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace
    WHERE h.inhrelid = c.oid) END,
  'server', CASE WHEN c.relkind = 'f' THEN (SELECT s.srvname FROM pg_foreign_table f
    JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) END,
  'comment', ${comment('c.oid', 'pg_class')},
  'grants', ${grants('c.relacl', 'c.relowner')}
) AS object
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= ${FIRST_OID} AND c.relkind IN ${RELATION_KINDS} AND c.relpersistence <> 't' AND ${USER_SCHEMA}
  AND ${notOfExtension('pg_class', 'c.oid')}`;
}

const TYPES = `
SELECT t.oid, CASE t.typtype
  WHEN 'e' THEN json_build_object('kind', 'enum', 'schema', n.nspname, 'name', t.typname,
    'labels', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid = t.oid),
    'comment', ${comment('t.oid', 'pg_type')}, 'grants', ${grants('t.typacl', 't.typowner', 'USAGE')})
  WHEN 'd' THEN json_build_object('kind', 'domain', 'schema', n.nspname, 'name', t.typname,
    'type', format_type(t.typbasetype, t.typtypmod), 'nullable', NOT t.typnotnull,
    'expression', CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_get_expr(t.typdefaultbin, 0) END,
    'collation', CASE WHEN t.typcollation <> 0 THEN ${collation('t.typcollation', 't.typbasetype')} END,
    'constraints', (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid),
      'validated', k.convalidated) ORDER BY k.conname), '[]')
      FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
    'comment', ${comment('t.oid', 'pg_type')}, 'grants', ${grants('t.typacl', 't.typowner', 'USAGE')})
  WHEN 'c' THEN json_build_object('kind', 'composite', 'schema', n.nspname, 'name', t.typname,
    'attributes', (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'collation', CASE WHEN a.attcollation NOT IN (0, 100) THEN ${collation('a.attcollation', 'a.atttypid')} END)
      ORDER BY a.attnum), '[]') FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
    'comment', ${comment('t.oid', 'pg_type')}, 'grants', ${grants('t.typacl', 't.typowner', 'USAGE')})
  ELSE json_build_object('kind', 'range', 'schema', n.nspname, 'name', t.typname,
    'subtype', (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid),
    'comment', ${comment('t.oid', 'pg_type')}, 'grants', ${grants('t.typacl', 't.typowner', 'USAGE')})
  END AS object
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= ${FIRST_OID} AND t.typtype IN ('e', 'd', 'c', 'r') AND ${USER_SCHEMA}
  AND (t.typtype <> 'c' OR (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
  AND ${notOfExtension('pg_type', 't.oid')}`;

const SEQUENCES = `
SELECT c.oid, json_build_object('schema', n.nspname, 'name', c.relname, 'type', format_type(s.seqtypid, NULL),
  'start', s.seqstart::text, 'increment', s.seqincrement::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text,
  'cache', s.seqcache::text, 'cycle', s.seqcycle,
  'ownedBy', (SELECT json_build_object('schema', tn.nspname, 'table', tc.relname, 'column', ta.attname)
    FROM pg_depend d JOIN pg_class tc ON tc.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
    JOIN pg_attribute ta ON ta.attrelid = d.refobjid AND ta.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'),
  'comment', ${comment('c.oid', 'pg_class')}, 'grants', ${grants('c.relacl', 'c.relowner')}) AS object
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= ${FIRST_OID} AND c.relpersistence <> 't' AND ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')`;

const AGGREGATE = `'CREATE AGGREGATE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname)
  || '(' || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || ') (' || (SELECT concat_ws(', ',
      'SFUNC = ' || g.aggtransfn::regproc, 'STYPE = ' || format_type(g.aggtranstype, NULL),
      CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC = ' || g.aggfinalfn::regproc END,
      CASE WHEN g.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || g.aggcombinefn::regproc END,
      'INITCOND = ' || quote_literal(g.agginitval), CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' END)
    FROM pg_aggregate g WHERE g.aggfnoid = p.oid) || ')'`;

const ROUTINES = `
SELECT p.oid, json_build_object(
  'kind', CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'window' END,
  'schema', n.nspname, 'name', p.proname, 'argumentTypes', oidvectortypes(p.proargtypes),
  'arguments', pg_get_function_arguments(p.oid), 'result', pg_get_function_result(p.oid),
  'language', (SELECT lanname FROM pg_language l WHERE l.oid = p.prolang),
  'definition', CASE p.prokind WHEN 'a' THEN ${AGGREGATE} ELSE pg_get_functiondef(p.oid) END,
  'comment', ${comment('p.oid', 'pg_proc')}, 'grants', ${grants('p.proacl', 'p.proowner', 'EXECUTE')}) AS object
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= ${FIRST_OID} AND ${USER_SCHEMA} AND ${notOfExtension('pg_proc', 'p.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`;

const NAMESPACES = `
SELECT n.oid, json_build_object('name', n.nspname, 'comment', ${comment('n.oid', 'pg_namespace')},
  'grants', ${grants('n.nspacl', 'n.nspowner')}) AS object
FROM pg_namespace n WHERE n.oid >= ${FIRST_OID} AND n.nspname <> 'public' AND ${USER_SCHEMA}
  AND ${notOfExtension('pg_namespace', 'n.oid')}`;

const EXTENSIONS = `
SELECT e.oid, json_build_object('name', e.extname, 'schema', n.nspname) AS object
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.oid >= ${FIRST_OID} AND e.extname <> 'plpgsql'`;

/**
 * The query of each category. Rows of `oid` and `object`.
 *
 * @param version `server_version_num`
 * @param category to read
 * @param some only the objects whose oids are in the parameter `$1`
 */
export function categoryQuery(version: number, category: Category, some = false): string {
  const queries: Record<Category, () => [sql: string, oid: string]> = {
    namespaces: () => [NAMESPACES, 'n.oid'],
    extensions: () => [EXTENSIONS, 'e.oid'],
    types: () => [TYPES, 't.oid'],
    sequences: () => [SEQUENCES, 'c.oid'],
    routines: () => [ROUTINES, 'p.oid'],
    relations: () => [relations(version), 'c.oid'],
  };
  const [sql, oid] = queries[category]();
  return some ? `${sql} AND ${oid} = ANY($1)` : sql;
}

/** The transaction that wrote a row as a number: a cast would go through text, which takes twice as long. */
const XID = (alias: string) => `(age('3'::xid) - age(${alias}.xmin))::bigint`;

/**
 * One row for each object: `category`, `oid`, its name, and numbers that differ as soon as any of its catalogue rows
 * was written: how many there are, and the sum of the transactions that wrote them, which only grows. The row
 * `everything` stands for what is printed in many objects: comments, roles.
 */
export const FINGERPRINTS = `
SELECT json_agg(json_build_array(category, oid, name, rows, written))::text AS fingerprints FROM (
  SELECT 'relations' AS category, c.oid, n.nspname || '.' || c.relname AS name, f.rows, f.written FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN (SELECT oid, count(*) AS rows, sum(written)::text AS written FROM (
      SELECT c.oid, ${XID('c')} AS written FROM pg_class c WHERE c.oid >= ${FIRST_OID} AND c.relkind IN ${RELATION_KINDS}
      UNION ALL SELECT a.attrelid, ${XID('a')} FROM pg_attribute a WHERE a.attrelid >= ${FIRST_OID} AND a.attnum > 0
      UNION ALL SELECT d.adrelid, ${XID('d')} FROM pg_attrdef d
      UNION ALL SELECT k.conrelid, ${XID('k')} FROM pg_constraint k WHERE k.conrelid >= ${FIRST_OID}
      UNION ALL SELECT x.indrelid, ${XID('x')} + ${XID('i')} FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid >= ${FIRST_OID}
      UNION ALL SELECT t.tgrelid, ${XID('t')} FROM pg_trigger t
      UNION ALL SELECT p.polrelid, ${XID('p')} FROM pg_policy p
      UNION ALL SELECT r.ev_class, ${XID('r')} FROM pg_rewrite r WHERE r.ev_class >= ${FIRST_OID}
      UNION ALL SELECT h.inhrelid, ${XID('h')} FROM pg_inherits h
      UNION ALL SELECT e.stxrelid, ${XID('e')} FROM pg_statistic_ext e
      UNION ALL SELECT d.refobjid, ${XID('s')} FROM pg_sequence s JOIN pg_depend d ON d.objid = s.seqrelid
        AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
    ) parts GROUP BY oid) f ON f.oid = c.oid
  WHERE c.relkind IN ${RELATION_KINDS}
  UNION ALL SELECT 'types', t.oid, n.nspname || '.' || t.typname, 1 + (SELECT count(*) FROM pg_enum e WHERE e.enumtypid = t.oid),
    (${XID('t')} + coalesce((SELECT sum(${XID('e')}) FROM pg_enum e WHERE e.enumtypid = t.oid), 0)
      + coalesce((SELECT sum(${XID('k')}) FROM pg_constraint k WHERE k.contypid = t.oid), 0)
      + coalesce((SELECT sum(${XID('a')}) FROM pg_attribute a WHERE a.attrelid = t.typrelid), 0))::text
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid >= ${FIRST_OID} AND (t.typtype IN ('e', 'd', 'r')
      OR t.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
  UNION ALL SELECT 'sequences', c.oid, n.nspname || '.' || c.relname, (SELECT count(*) FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid),
    (${XID('c')} + ${XID('s')} + coalesce((SELECT sum(${XID('d')}) FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid), 0))::text
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT 'routines', p.oid, n.nspname || '.' || p.proname, 1, ${XID('p')}::text FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= ${FIRST_OID}
  UNION ALL SELECT 'namespaces', n.oid, n.nspname, 1, ${XID('n')}::text FROM pg_namespace n WHERE n.oid >= ${FIRST_OID}
  UNION ALL SELECT 'extensions', e.oid, e.extname, 1, ${XID('e')}::text FROM pg_extension e WHERE e.oid >= ${FIRST_OID}
  UNION ALL SELECT 'everything', 0, '', (SELECT count(*) FROM pg_description d WHERE d.objoid >= ${FIRST_OID})
      + (SELECT count(*) FROM pg_authid a WHERE a.oid >= ${FIRST_OID}),
    (coalesce((SELECT sum(${XID('d')}) FROM pg_description d WHERE d.objoid >= ${FIRST_OID}), 0)
      + coalesce((SELECT sum(${XID('a')}) FROM pg_authid a WHERE a.oid >= ${FIRST_OID}), 0))::text
) fingerprints`;
