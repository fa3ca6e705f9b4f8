/**
 * Extensions that the embedded server lacks and that a migration only calls: each is given the schemas, functions and
 * types that migrations name, doing nothing, so that what stands around the call is still judged. Signatures are those
 * of the extensions' own documentation.
 */

/** Name of the extension that stands for what Supabase's platform makes before the first migration. */
export const SUPABASE_PLATFORM = 'aibos_supabase_platform';

/** Extensions whose libraries change how the server runs and give migrations nothing to name. */
const NOTHING_TO_NAME = [
  'hypopg',
  'pg_hint_plan',
  'pg_ivm',
  'pg_prewarm',
  'pg_repack',
  'pg_stat_kcache',
  'pg_stat_monitor',
  'pg_wait_sampling',
  'pgaudit',
  'pgstattuple',
  'plpgsql_check',
  'pg_graphql',
  'index_advisor',
  'sslinfo',
  'supautils',
];

const SCRIPTS: Record<string, string> = {
  pg_cron: `
    CREATE SCHEMA cron;
    CREATE TABLE cron.job (jobid bigserial PRIMARY KEY, schedule text, command text, nodename text, nodeport int,
      database text, username text, active boolean DEFAULT true, jobname text);
    CREATE TABLE cron.job_run_details (jobid bigint, runid bigserial PRIMARY KEY, job_pid int, database text,
      username text, command text, status text, return_message text, start_time timestamptz, end_time timestamptz);
    CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
    CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint LANGUAGE sql
      AS 'SELECT 1::bigint';
    CREATE FUNCTION cron.schedule_in_database(job_name text, schedule text, command text, database text,
      username text DEFAULT NULL, active boolean DEFAULT true) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
    CREATE FUNCTION cron.alter_job(job_id bigint, schedule text DEFAULT NULL, command text DEFAULT NULL,
      database text DEFAULT NULL, username text DEFAULT NULL, active boolean DEFAULT NULL) RETURNS void LANGUAGE sql
      AS 'SELECT';
    CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
    CREATE FUNCTION cron.unschedule(job_name text) RETURNS boolean LANGUAGE sql AS 'SELECT true';`,
  pg_net: `
    CREATE SCHEMA net;
    CREATE FUNCTION net.http_get(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}',
      timeout_milliseconds int DEFAULT 5000) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
    CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
      headers jsonb DEFAULT '{}', timeout_milliseconds int DEFAULT 5000) RETURNS bigint LANGUAGE sql
      AS 'SELECT 1::bigint';
    CREATE FUNCTION net.http_delete(url text, params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}',
      timeout_milliseconds int DEFAULT 5000) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';`,
  pgjwt: `
    CREATE FUNCTION sign(payload json, secret text, algorithm text DEFAULT 'HS256') RETURNS text LANGUAGE sql
      AS 'SELECT ''''::text';
    CREATE FUNCTION verify(token text, secret text, algorithm text DEFAULT 'HS256')
      RETURNS TABLE (header json, payload json, valid boolean) LANGUAGE sql
      AS 'SELECT ''{}''::json, ''{}''::json, true';`,
  supabase_vault: `
    CREATE SCHEMA IF NOT EXISTS vault;
    CREATE TABLE vault.secrets (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, description text,
      secret text, key_id uuid, nonce bytea, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
    CREATE VIEW vault.decrypted_secrets AS SELECT *, secret AS decrypted_secret FROM vault.secrets;
    CREATE FUNCTION vault.create_secret(new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '',
      new_key_id uuid DEFAULT NULL) RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';`,
  pgsodium: `
    CREATE SCHEMA pgsodium;
    CREATE TABLE pgsodium.key (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);
    CREATE FUNCTION pgsodium.create_key(name text DEFAULT NULL) RETURNS pgsodium.key LANGUAGE sql
      AS 'SELECT gen_random_uuid(), name';`,
  timescaledb: `
    CREATE FUNCTION create_hypertable(relation regclass, time_column_name name, partitioning_column name DEFAULT NULL,
      number_partitions int DEFAULT NULL, associated_schema_name name DEFAULT NULL,
      associated_table_prefix name DEFAULT NULL, chunk_time_interval anyelement DEFAULT NULL::bigint,
      create_default_indexes boolean DEFAULT true, if_not_exists boolean DEFAULT false,
      partitioning_func regproc DEFAULT NULL, migrate_data boolean DEFAULT false)
      RETURNS TABLE (hypertable_id int, schema_name name, table_name name, created boolean) LANGUAGE sql
      AS 'SELECT 1, ''public''::name, ''''::name, true';
    CREATE FUNCTION set_chunk_time_interval(hypertable regclass, chunk_time_interval anyelement) RETURNS void
      LANGUAGE sql AS 'SELECT';
    CREATE FUNCTION add_retention_policy(relation regclass, drop_after "any", if_not_exists boolean DEFAULT false)
      RETURNS int LANGUAGE internal AS 'pg_backend_pid';
    CREATE FUNCTION add_compression_policy(hypertable regclass, compress_after "any",
      if_not_exists boolean DEFAULT false) RETURNS int LANGUAGE internal AS 'pg_backend_pid';
    CREATE FUNCTION remove_retention_policy(relation regclass, if_exists boolean DEFAULT false) RETURNS void
      LANGUAGE sql AS 'SELECT';
    CREATE FUNCTION remove_compression_policy(hypertable regclass, if_exists boolean DEFAULT false) RETURNS boolean
      LANGUAGE sql AS 'SELECT true';
    CREATE FUNCTION time_bucket(bucket_width interval, ts timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE
      AS 'SELECT ts';
    CREATE FUNCTION time_bucket(bucket_width interval, ts timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE
      AS 'SELECT ts';`,
  pg_partman: `
    CREATE FUNCTION create_parent(p_parent_table text, p_control text, p_interval text, p_type text DEFAULT 'range',
      p_premake int DEFAULT 4, p_start_partition text DEFAULT NULL) RETURNS boolean LANGUAGE sql AS 'SELECT true';
    CREATE TABLE part_config (parent_table text PRIMARY KEY, retention text, retention_keep_table boolean,
      premake int, infinite_time_partitions boolean);`,
  postgres_fdw: 'CREATE FOREIGN DATA WRAPPER postgres_fdw NO HANDLER NO VALIDATOR;',
  pg_uuidv7: `
    CREATE FUNCTION uuid_generate_v7() RETURNS uuid LANGUAGE sql AS 'SELECT uuidv7()';`,
  postgis: `
    CREATE TYPE geometry; CREATE TYPE geography;
    CREATE FUNCTION geometry_in(cstring) RETURNS geometry LANGUAGE internal IMMUTABLE STRICT AS 'textin';
    CREATE FUNCTION geometry_out(geometry) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
    CREATE FUNCTION geography_in(cstring) RETURNS geography LANGUAGE internal IMMUTABLE STRICT AS 'textin';
    CREATE FUNCTION geography_out(geography) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
    CREATE FUNCTION postgis_typmod_in(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'array_cardinality';
    CREATE TYPE geometry (INPUT = geometry_in, OUTPUT = geometry_out, TYPMOD_IN = postgis_typmod_in, LIKE = text);
    CREATE TYPE geography (INPUT = geography_in, OUTPUT = geography_out, TYPMOD_IN = postgis_typmod_in, LIKE = text);`,
  [SUPABASE_PLATFORM]: `
    CREATE SCHEMA IF NOT EXISTS auth; CREATE SCHEMA IF NOT EXISTS storage; CREATE SCHEMA IF NOT EXISTS extensions;
    CREATE SCHEMA IF NOT EXISTS realtime; CREATE SCHEMA IF NOT EXISTS graphql_public;
    CREATE TABLE auth.users (instance_id uuid, id uuid PRIMARY KEY, aud varchar(255), role varchar(255),
      email varchar(255), encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz,
      last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
      created_at timestamptz, updated_at timestamptz, phone text UNIQUE, phone_confirmed_at timestamptz,
      confirmed_at timestamptz, banned_until timestamptz, deleted_at timestamptz,
      is_sso_user boolean NOT NULL DEFAULT false, is_anonymous boolean NOT NULL DEFAULT false);
    CREATE TABLE auth.identities (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), provider_id text NOT NULL,
      user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, identity_data jsonb NOT NULL,
      provider text NOT NULL, last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz, email text);
    CREATE TABLE auth.sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
      created_at timestamptz, updated_at timestamptz);
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
    CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
    CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
    CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';
    CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL UNIQUE, owner uuid,
      created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), public boolean DEFAULT false,
      avif_autodetection boolean DEFAULT false, file_size_limit bigint, allowed_mime_types text[], owner_id text);
    CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text
      REFERENCES storage.buckets, name text, owner uuid, created_at timestamptz DEFAULT now(),
      updated_at timestamptz DEFAULT now(), last_accessed_at timestamptz DEFAULT now(), metadata jsonb,
      path_tokens text[], version text, owner_id text, user_metadata jsonb);
    ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY; ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
    CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE
      AS 'SELECT string_to_array(name, ''/'')';
    CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT name';
    CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT name';
    CREATE TABLE realtime.messages (id uuid DEFAULT gen_random_uuid(), topic text NOT NULL, extension text NOT NULL,
      payload jsonb, event text, private boolean DEFAULT false, updated_at timestamp DEFAULT now(),
      inserted_at timestamp DEFAULT now());
    CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
    CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void
      LANGUAGE sql AS 'SELECT';
    CREATE PUBLICATION supabase_realtime;`,
};

/** Extension name to the script that stands for it; an empty one gives nothing but the name. */
export const STAND_INS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(NOTHING_TO_NAME.map((name) => [name, ''])),
  ...SCRIPTS,
};

/** Words in the engine's message that tell which extension it is about, where the stand-in does not go far enough. */
const MARKS: Readonly<Record<string, RegExp>> = {
  timescaledb: /timescaledb|time_bucket|hypertable|continuous_agg|_policy\b|compress|chunk/i,
  postgis: /\bst_\w+|geometry|geography|spatial_ref_sys|box2d|box3d|gist/i,
  postgres_fdw: /foreign-data wrapper|foreign schema/i,
};

/** Whether what the engine said is explained by an extension that is not there or is only stood in for. */
export function isAboutExtension(extension: string, message: string): boolean {
  return MARKS[extension]?.test(message) ?? false;
}
