import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesSecret, REDACTED, redactDeep, redactText } from '../../../core/privacy/redact.ts';
import { redactSql } from '../../../core/sql/redact.ts';

/** Text, and the secrets in it that must be gone. */
const secrets: [string, ...string[]][] = [
  ['postgres://app:hunter2@db.example.com:5432/shop', 'hunter2'],
  ['postgresql://app:p%40ss@localhost/shop?sslmode=require', 'p%40ss'],
  ['mysql://root:s3cr3t/with/slash@127.0.0.1/x', 's3cr3t/with/slash'],
  ['redis://:onlypassword@cache:6379', 'onlypassword'],
  ['connect to "mongodb+srv://u:pw-1@host/db" failed', 'pw-1'],
  ['host=db user=app password=hunter2 dbname=shop', 'hunter2'],
  ["host=db password='two words' user=app", 'two words'],
  ['PGPASSWORD=hunter2 psql -f up.sql', 'hunter2'],
  ['export DATABASE_PASSWORD="hunter 2"', 'hunter 2'],
  ['psql --password=hunter2 -f x', 'hunter2'],
  ['flyway -password hunter2', ''],
  ['mysql -uroot -phunter2 shop < up.sql', 'hunter2'],
  ['mysqldump -u root -p"hunter 2" shop', 'hunter 2'],
  ['curl -H "Authorization: Bearer abc.def-123456789"', 'abc.def-123456789'],
  ['tool --token abcdef123456 run', 'abcdef123456'],
  ['tool --api-key=abcdef123456 run', 'abcdef123456'],
  ['{"password":"hunter2","user":"app"}', 'hunter2'],
  ["{'client_secret': 'hunter2'}", 'hunter2'],
  ['stripeApiKey: hunter2value', 'hunter2value'],
  ['token ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['AKIAIOSFODNN7EXAMPLE in the log', 'AKIAIOSFODNN7EXAMPLE'],
  ['sk_live_abcdefghij0123456789', 'sk_live_abcdefghij0123456789'],
  [
    'jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0',
    'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
  ],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
  ["CREATE ROLE app LOGIN PASSWORD 'hunter2'", 'hunter2'],
  ["ALTER USER app WITH ENCRYPTED PASSWORD E'hun\\'ter2' VALID UNTIL 'infinity'", "hun\\'ter2"],
  ['ALTER ROLE app PASSWORD $tag$hunter2$tag$', 'hunter2'],
  ["CREATE USER 'app'@'%' IDENTIFIED BY 'hunter2'", 'hunter2'],
  ["CREATE USER app IDENTIFIED WITH mysql_native_password BY 'hunter2'", 'hunter2'],
  ["CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'x', password 'hunter2')", 'hunter2'],
  ["CREATE SUBSCRIPTION s CONNECTION 'host=x password=hunter2' PUBLICATION p", 'hunter2'],
  ["SELECT dblink_connect('postgres://u:hunter2@h/d')", 'hunter2'],
  ['Key (email)=(ada@example.com) already exists.', 'ada@example.com'],
  ['Key (a, lower(b))=(1, ada@example.com) is duplicated.', 'ada@example.com'],
  ['Failing row contains (7, ada@example.com, null).', 'ada@example.com'],
  ['invalid input syntax for type integer: "ada@example.com"', 'ada@example.com'],
  ["Duplicate entry 'ada@example.com' for key 'email'", 'ada@example.com'],
  ['pwd=hunter2', 'hunter2'],
  ['bearer abc123', 'abc123'],
  ['bearer\rabc123', 'abc123'],
  ['mysql -phunt2', 'hunt2'],
  ['--token abc12', 'abc12'],
  ['xoxb-abcdefghij', 'abcdefghij'],
];

test('secrets go from text, once and for all', () => {
  for (const [text, ...gone] of secrets) {
    const clean = redactText(text);
    for (const secret of gone.filter(Boolean))
      assert.ok(!clean.includes(secret), `${secret} is still in: ${clean}`);
    assert.equal(redactText(clean), clean, `redacting twice changed: ${clean}`);
  }
});

test('what is no secret stays', () => {
  const harmless = [
    'ALTER TABLE users ADD COLUMN password text NOT NULL',
    'ALTER TABLE users ADD COLUMN token varchar(64), ADD COLUMN secret_hash bytea',
    'CREATE TABLE password_resets (id int PRIMARY KEY, token_hash text)',
    'column "password" of relation "users" does not exist',
    'psql -f migrations/001_tokens.sql -p 5433',
    'mysql --port=3306 --protocol=tcp shop',
    'https://example.com:8080/path?x=1#frag',
    'password: string',
    'const password = process.env.PASSWORD',
    'relation "public.api_keys" already exists',
    'took 12 ms: CREATE INDEX users_email_idx ON users (email)',
  ];
  for (const text of harmless) assert.equal(redactText(text), text);
});

test('names that hold secrets are told from those that only sound alike', () => {
  for (const name of [
    'password',
    'DB_PASSWORD',
    'dbPassword',
    'apiKey',
    'api_key',
    'access-token',
    'clientSecret',
    'PGPASSWORD',
  ]) {
    assert.ok(namesSecret(name), name);
  }
  for (const name of ['passwordless', 'tokenizer', 'table', 'keyboard', 'secretary', 'statement', 'author']) {
    assert.ok(!namesSecret(name), name);
  }
});

test('deep values are redacted by key and by content, everything else is the same object', () => {
  const clean = redactDeep({ command: 'psql postgres://a:b1b1@h/d', nested: [{ apiKey: 'x' }, { n: 1 }] });
  assert.deepEqual(clean, {
    command: `psql postgres://a:${REDACTED}@h/d`,
    nested: [{ apiKey: REDACTED }, { n: 1 }],
  });
  const untouched = { a: [1, 'two'], b: { c: null } };
  assert.equal(redactDeep(untouched), untouched);
});

test('rows go from SQL, schema stays', () => {
  const rows = [
    "INSERT INTO users (email, password) VALUES ('ada@example.com', 'hunter2')",
    "UPDATE users SET token = 'hunter2' WHERE email = 'ada@example.com'",
    "WITH x AS (SELECT 'hunter2') INSERT INTO t SELECT * FROM x",
    'INSERT INTO t VALUES ($$hunter2 ada@example.com$$)',
    "/* note */ DELETE FROM users WHERE email = 'ada@example.com' OR name = E'hunter2\\''",
  ];
  for (const sql of rows) {
    const clean = redactSql(sql, 'postgres');
    assert.ok(!clean.includes('hunter2') && !clean.includes('ada@example.com'), clean);
  }
  assert.ok(!redactSql('INSERT INTO t VALUES ("hunter2")', 'mysql').includes('hunter2'));

  const schema = [
    "ALTER TABLE t ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed'))",
    "CREATE TYPE mood AS ENUM ('happy', 'sad')",
    'INSERT INTO "Quoted" (id) VALUES (42)',
  ];
  for (const sql of schema) assert.equal(redactSql(sql, 'postgres'), sql);
});

test('a redacted text keeps its lines', () => {
  const sql = "INSERT INTO t VALUES ('one\ntwo\nthree');\nSELECT 1";
  assert.equal(redactSql(sql, 'postgres').split('\n').length, sql.split('\n').length);
});
