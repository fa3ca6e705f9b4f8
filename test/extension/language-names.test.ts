import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentSymbol, FoldingRange } from 'vscode-languageserver/node';
import { TABLE_SHAPES, type TableShapes } from '../../extension/protocol.ts';
import { ask, completionsAt, editorIn, hoverAt, marked, placesAt } from './language-editor.ts';

const FILES = {
  'migrations/0001_people.sql': `CREATE TABLE people (id bigint PRIMARY KEY, mail text);
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE SCHEMA app;
CREATE TABLE app.things (id int PRIMARY KEY, owner bigint REFERENCES people (id), colour text);
`,
  'migrations/0002_rename.sql': `ALTER TABLE people RENAME TO users;
ALTER TABLE users RENAME COLUMN mail TO email;
CREATE INDEX by_email ON users (email);
`,
  'migrations/0004_later.sql': 'UPDATE users SET email = lower(email);\n',
};
const LAST = 'migrations/0003_now.sql';

test('completion knows tables, columns, types and words at the cursor, in SQL that does not parse', async (t) => {
  const vscode = await editorIn(t, FILES);
  const cases: [string, string[]][] = [
    ['SELECT * FROM |', ['users', 'app.things', 'app']],
    ['SELECT * FROM app.|', ['things']],
    ['SELECT u.| FROM users u', ['id', 'email']],
    ['ALTER TABLE |', ['users', 'app.things', 'app']],
    ['ALTER TABLE users DROP COLUMN |', ['id', 'email']],
    ['ALTER TABLE users DROP COLUMN em|', ['id', 'email']],
    ['ALTER TABLE users ADD COLUMN a int, DROP COLUMN |;\nSELECT 1;', ['id', 'email']],
    ['ALTER TABLE app.things ADD FOREIGN KEY (|', ['id', 'owner', 'colour']],
    ['ALTER TABLE app.things ADD FOREIGN KEY (owner) REFERENCES users (|', ['id', 'email']],
    ['ALTER TABLE app.things ADD FOREIGN KEY (owner) REFERENCES |', ['users', 'app.things', 'app']],
    ['CREATE INDEX ON users (|', ['id', 'email']],
    ['INSERT INTO users (id, |', ['id', 'email']],
    ['CREATE TABLE x (id int); SELECT | FROM x', ['id', 'x']],
    ['ALTER TABLE users DROP CONSTRAINT |', ['people_pkey']],
    ["SELECT 'in a literal |'", []],
    ['-- in a comment |', []],
  ];
  await vscode.open(LAST, '');
  for (const [given, wanted] of cases) {
    const { text, position } = marked(given);
    await vscode.type(LAST, text);
    const found = await completionsAt(vscode, LAST, position);
    assert.deepEqual(found.slice(0, wanted.length), wanted, `${given}: ${found.slice(0, 8)}`);
    if (wanted.length === 0) assert.deepEqual(found, [], given);
  }
  const { text, position } = marked('ALTER TABLE users ADD COLUMN feeling |');
  await vscode.type(LAST, text);
  assert.deepEqual((await completionsAt(vscode, LAST, position)).slice(0, 2), ['mood', 'text']);
});

test('definition and references follow a name through renames, across migrations', async (t) => {
  const vscode = await editorIn(t, FILES);
  const table = marked('SELECT email FROM us|ers;\n');
  await vscode.open(LAST, table.text);
  assert.deepEqual(await placesAt(vscode, 'definition', LAST, table.position), ['0001_people.sql:0:13']);
  assert.deepEqual(await placesAt(vscode, 'references', LAST, table.position), [
    '0001_people.sql:0:13',
    '0001_people.sql:3:69',
    '0002_rename.sql:0:12',
    '0002_rename.sql:0:29',
    '0002_rename.sql:1:12',
    '0002_rename.sql:2:25',
    '0003_now.sql:0:18',
    '0004_later.sql:0:7',
  ]);
  const column = { line: 0, character: 8 };
  assert.deepEqual(await placesAt(vscode, 'references', LAST, column), [
    '0001_people.sql:0:44',
    '0002_rename.sql:1:32',
    '0002_rename.sql:1:40',
    '0002_rename.sql:2:32',
    '0003_now.sql:0:7',
    '0004_later.sql:0:17',
    '0004_later.sql:0:31',
  ]);
});

test('a hover on a table shows its shape there; it can be compared before and after a statement', async (t) => {
  const vscode = await editorIn(t, FILES);
  const { text, position } = marked(
    'ALTER TABLE us|ers ADD COLUMN age int NOT NULL DEFAULT 0;\nDROP TABLE app.things;\n',
  );
  await vscode.open(LAST, text);
  const hover = await hoverAt(vscode, LAST, position);
  assert.match(
    hover,
    /TABLE public\.users \(\n {2}id bigint NOT NULL,\n {2}email text,\n {2}CONSTRAINT people_pkey PRIMARY KEY/,
  );
  assert.match(hover, /-- INDEX by_email \(email\)/);
  assert.ok(!hover.includes('age'));
  const shapes = (line: number) =>
    vscode.connection.sendRequest<TableShapes | null>(TABLE_SHAPES, {
      uri: vscode.uri(LAST),
      line,
      subject: '',
    });
  const first = await shapes(1);
  assert.ok(!first?.before?.includes('age') && first?.after?.includes('  age integer NOT NULL DEFAULT 0'));
  const second = await shapes(2);
  assert.ok(second?.before?.includes('colour') && second.after === undefined);
});

test('symbols and foldings: statements, tables, columns, comments, bodies in dollar quotes', async (t) => {
  const vscode = await editorIn(t, FILES);
  const text = `-- one
-- two
CREATE TABLE a (
  b int,
  CONSTRAINT c CHECK (b > 0)
);
ALTER TABLE a ADD COLUMN d int;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$
  SELECT 1;
$$;
`;
  await vscode.open(LAST, text);
  const symbols = await ask<DocumentSymbol[]>(vscode, 'documentSymbol', LAST, {});
  assert.deepEqual(
    symbols.map(({ name, children = [] }) => [name, children.map((child) => child.name)]),
    [
      ['a', ['b']],
      ['ALTER TABLE a ADD COLUMN d int', ['d']],
      ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1;…', []],
    ],
  );
  const foldings = await ask<FoldingRange[]>(vscode, 'foldingRange', LAST, {});
  assert.deepEqual(
    foldings.map(({ startLine, endLine, kind = '' }) => [startLine, endLine, kind]),
    [
      [0, 1, 'comment'],
      [2, 5, ''],
      [7, 9, ''],
      [7, 8, ''],
    ],
  );
});
