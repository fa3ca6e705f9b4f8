import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMysql } from '../../../core/sql/mysql/mysql.ts';

const firstWords = (sql: string) =>
  parseMysql(sql).statements.map(({ text }) => text.split(/\s+/).slice(0, 2).join(' '));

test('scripts are split at delimiters outside of bodies, literals and comments', () => {
  const cases: [string, string[]][] = [
    ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ["SELECT ';'; # x;\nSELECT 2; -- y;\n/* z; */ SELECT 3", ["SELECT ';'", 'SELECT 2', 'SELECT 3']],
    [
      'CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN IF NEW.x THEN SET NEW.y = 1; END IF; END; DROP TABLE t',
      ['CREATE TRIGGER', 'DROP TABLE'],
    ],
    [
      'CREATE PROCEDURE p() BEGIN DECLARE i INT; WHILE i < 3 DO SET i = IF(i, 1, 2); END WHILE; CASE i WHEN 1 THEN SELECT 1; END CASE; END; SELECT 2',
      ['CREATE PROCEDURE', 'SELECT 2'],
    ],
    ['CREATE FUNCTION f() RETURNS INT RETURN 1; SELECT 2', ['CREATE FUNCTION', 'SELECT 2']],
    [
      'DELIMITER $$\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND$$\nDELIMITER ;\nSELECT 2;',
      ['CREATE PROCEDURE', 'SELECT 2'],
    ],
    [
      'DELIMITER //\nDROP TABLE a//\nDROP TABLE b //\nDELIMITER ;\nDROP TABLE c',
      ['DROP TABLE', 'DROP TABLE', 'DROP TABLE'],
    ],
    ['/*!40101 SET NAMES utf8 */;\nSELECT 1', ['SET NAMES', 'SELECT 1']],
  ];
  for (const [sql, expected] of cases) assert.deepEqual(firstWords(sql), expected, sql);
});

/** Forms of both manuals; each must be read without a problem. */
const FORMS = `
ALTER TABLE t ADD COLUMN (a INT, b VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
ALTER TABLE t MODIFY COLUMN a BIGINT UNSIGNED NOT NULL AUTO_INCREMENT FIRST, LOCK=NONE, ALGORITHM INPLACE
ALTER TABLE t DROP INDEX i, DROP KEY k, DROP PRIMARY KEY, DROP FOREIGN KEY fk, DROP CHECK c, DROP CONSTRAINT d
ALTER TABLE t ADD INDEX i (a, b DESC), ADD UNIQUE KEY u (c(10)), ADD FULLTEXT INDEX f (d) WITH PARSER ngram, ADD KEY ((a + b))
ALTER TABLE t ADD CONSTRAINT FOREIGN KEY fk (a) REFERENCES o (id) MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL
ALTER TABLE t ENGINE=InnoDB ROW_FORMAT=DYNAMIC, KEY_BLOCK_SIZE=8 DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin
ALTER TABLE t ALTER COLUMN a SET DEFAULT 5, ALTER b DROP DEFAULT, ALTER INDEX i INVISIBLE, ALTER CHECK c NOT ENFORCED
ALTER TABLE t REORGANIZE PARTITION p0 INTO (PARTITION n0 VALUES LESS THAN (5), PARTITION n1 VALUES LESS THAN (10))
ALTER ONLINE IGNORE TABLE IF EXISTS t WAIT 10 ADD COLUMN IF NOT EXISTS a INT, DROP COLUMN IF EXISTS b
ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE u WITHOUT VALIDATION
CREATE TABLE \`t\` (\`id\` int(10) unsigned NOT NULL AUTO_INCREMENT, c timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), d bit(1) DEFAULT b'0', PRIMARY KEY (\`id\`), KEY \`i\` (\`c\`) USING BTREE) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COMMENT='x'
CREATE TABLE t (id INT, v INT GENERATED ALWAYS AS (id + 1) STORED NOT NULL, j JSON DEFAULT (JSON_ARRAY()), CHECK (id > 0)) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN MAXVALUE)
CREATE TABLE t LIKE u
CREATE TABLE t (KEY (a)) ENGINE=InnoDB AS SELECT * FROM u
CREATE OR REPLACE ALGORITHM=MERGE DEFINER=\`r\`@\`%\` SQL SECURITY INVOKER VIEW v (a) AS SELECT a FROM t
CREATE DEFINER='r'@'localhost' TRIGGER x AFTER UPDATE ON t FOR EACH ROW SET @a = 1
RENAME TABLE a TO b, c TO d.e
INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)
WITH x AS (SELECT 1) SELECT * FROM x
GRANT SELECT ON db.* TO 'u'@'%'`;

test('definitions of both manuals are read', () => {
  for (const sql of FORMS.trim().split('\n')) {
    const { statements, problems } = parseMysql(sql);
    assert.deepEqual([statements.length, problems.map(({ message }) => message)], [1, []], sql);
  }
});

test('what is no SQL is said with its place, and hides nothing else', () => {
  const { statements, problems } = parseMysql(
    'SELECT 1;\nALTER TABLE t FROBNICATE x;\nSELEC 2;\nDROP TABLE t',
  );
  assert.deepEqual(
    statements.map(({ kind }) => kind),
    ['Select', 'Unknown', 'Unknown', 'DropTable'],
  );
  assert.deepEqual(
    problems.map(({ line, column }) => [line, column]),
    [
      [2, 15],
      [3, 1],
    ],
  );
});

test('deep nesting and long scripts end', () => {
  assert.ok(parseMysql(`SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`));
  const many = "INSERT INTO t VALUES (1, 'x');\n".repeat(50_000);
  assert.equal(parseMysql(many).statements.length, 50_000);
});
