/** Tables and definitions whose online behaviour is compared with the server's: each ALTER form on each kind of table. */

/** `t` as the statements find it, by name of the kind. Filled with rows before each statement. */
export const TABLES: Record<string, string[]> = {
  plain: [
    `CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(50) CHARACTER SET utf8mb4, c varchar(300) CHARACTER SET utf8mb4,
     d int NOT NULL DEFAULT 0, e enum('x','y') NOT NULL DEFAULT 'x', f text, g geometry NOT NULL DEFAULT POINT(0,0), h char(10), i decimal(10,2),
     j timestamp NULL, k varchar(200) CHARACTER SET latin1, v int AS (a + 1) VIRTUAL, s int AS (a + 2) STORED,
     KEY ia (a), UNIQUE KEY ud (id, d), KEY ib (b(10)), CONSTRAINT ck CHECK (d >= 0), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id)) ENGINE=InnoDB`,
  ],
  fulltext: [
    `CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(50), c varchar(300), d int NOT NULL DEFAULT 0, f text,
     e enum('x','y') NOT NULL DEFAULT 'x', KEY ia (a), FULLTEXT KEY ft (f)) ENGINE=InnoDB`,
  ],
  compressed: [
    `CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(50), c varchar(300), d int NOT NULL DEFAULT 0, f text,
     e enum('x','y') NOT NULL DEFAULT 'x', KEY ia (a)) ENGINE=InnoDB ROW_FORMAT=COMPRESSED`,
  ],
  redundant: [
    `CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(50), c varchar(300), d int NOT NULL DEFAULT 0, f text,
     e enum('x','y') NOT NULL DEFAULT 'x', KEY ia (a)) ENGINE=InnoDB ROW_FORMAT=REDUNDANT`,
  ],
  partitioned: [
    `CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(50), c varchar(300), d int NOT NULL DEFAULT 0, f text,
     e enum('x','y') NOT NULL DEFAULT 'x', KEY ia (a)) ENGINE=InnoDB
     PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (1000))`,
  ],
  nokey: ['CREATE TABLE t (id int NOT NULL, a int, b varchar(50), d int NOT NULL DEFAULT 0) ENGINE=InnoDB'],
  aria: [
    'CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(50), c varchar(300), d int NOT NULL DEFAULT 0, KEY ia (a)) ENGINE=Aria',
  ],
};

export const BEFORE = [
  'CREATE TABLE p (id int NOT NULL PRIMARY KEY) ENGINE=InnoDB',
  'INSERT INTO p VALUES (1), (2)',
];
export const ROWS = "INSERT INTO t (id, a, b, d) VALUES (1, 1, 'one', 1), (2, 2, 'two', 2)";

const FORMS = `
ADD COLUMN n int
ADD COLUMN n int NOT NULL DEFAULT 5
ADD COLUMN n int NOT NULL
ADD COLUMN n varchar(100) NOT NULL DEFAULT 'x' AFTER id
ADD COLUMN n int FIRST
ADD COLUMN n timestamp DEFAULT CURRENT_TIMESTAMP
ADD COLUMN n int DEFAULT (1 + 1)
ADD COLUMN n varchar(40) DEFAULT (uuid())
ADD COLUMN n datetime DEFAULT now() ON UPDATE now()
ADD COLUMN n text
ADD COLUMN n json
ADD COLUMN n int AUTO_INCREMENT UNIQUE
ADD COLUMN n int UNIQUE
ADD COLUMN n int CHECK (n > 0)
ADD COLUMN n int AS (a + 3) VIRTUAL
ADD COLUMN n int AS (a + 3) STORED
ADD COLUMN n int, ADD COLUMN m int
ADD COLUMN n int, ADD INDEX inew (n)
ADD COLUMN n int, ADD INDEX inew (d)
ADD COLUMN n int, DROP COLUMN c
ADD COLUMN n int REFERENCES p (id)
DROP COLUMN c
DROP COLUMN f
DROP COLUMN d
DROP COLUMN v
DROP COLUMN s
DROP COLUMN b
MODIFY COLUMN a int NOT NULL
MODIFY COLUMN a bigint
MODIFY COLUMN a int
MODIFY COLUMN a int COMMENT 'new'
MODIFY COLUMN a int DEFAULT 7
MODIFY COLUMN a int FIRST
MODIFY COLUMN a int AFTER b
MODIFY COLUMN d int NOT NULL DEFAULT 9
MODIFY COLUMN d int NULL DEFAULT 0
MODIFY COLUMN d int NULL
MODIFY COLUMN d bigint NOT NULL DEFAULT 0
MODIFY COLUMN d int unsigned NOT NULL DEFAULT 0
MODIFY COLUMN d int NOT NULL DEFAULT 0 AUTO_INCREMENT UNIQUE
MODIFY COLUMN b varchar(60)
MODIFY COLUMN b varchar(60) CHARACTER SET utf8mb4
MODIFY COLUMN b varchar(63) CHARACTER SET utf8mb4
MODIFY COLUMN b varchar(200) CHARACTER SET utf8mb4
MODIFY COLUMN b varchar(40) CHARACTER SET utf8mb4
MODIFY COLUMN b varchar(50) CHARACTER SET utf8mb4 NOT NULL
MODIFY COLUMN b varchar(50) CHARACTER SET latin1
MODIFY COLUMN b varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
MODIFY COLUMN b text CHARACTER SET utf8mb4
MODIFY COLUMN c varchar(400) CHARACTER SET utf8mb4
MODIFY COLUMN c varchar(200) CHARACTER SET utf8mb4
MODIFY COLUMN c text CHARACTER SET utf8mb4
MODIFY COLUMN k varchar(255) CHARACTER SET latin1
MODIFY COLUMN k varchar(256) CHARACTER SET latin1
MODIFY COLUMN k varchar(200) CHARACTER SET utf8mb4
MODIFY COLUMN f mediumtext
MODIFY COLUMN f varchar(100)
MODIFY COLUMN h char(20)
MODIFY COLUMN h varchar(10)
MODIFY COLUMN i decimal(12,2)
MODIFY COLUMN i decimal(10,3)
MODIFY COLUMN j datetime NULL
MODIFY COLUMN j timestamp(6) NULL
MODIFY COLUMN e enum('x','y','z') NOT NULL DEFAULT 'x'
MODIFY COLUMN e enum('w','x','y') NOT NULL DEFAULT 'x'
MODIFY COLUMN e enum('x') NOT NULL DEFAULT 'x'
MODIFY COLUMN e varchar(10) NOT NULL DEFAULT 'x'
MODIFY COLUMN s int AS (a + 9) STORED
MODIFY COLUMN v int AS (a + 9) VIRTUAL
CHANGE COLUMN a z int
CHANGE COLUMN b z varchar(50) CHARACTER SET utf8mb4
CHANGE COLUMN d z int NOT NULL DEFAULT 0
CHANGE COLUMN d z bigint NOT NULL DEFAULT 0
RENAME COLUMN a TO z
RENAME COLUMN d TO z
ALTER COLUMN d SET DEFAULT 5
ALTER COLUMN d DROP DEFAULT
ADD INDEX inew (d)
ADD INDEX inew (b(5), d)
ADD UNIQUE KEY unew (id, a)
ADD UNIQUE KEY unew (d)
ADD FULLTEXT INDEX fnew (b)
ADD SPATIAL INDEX snew (g)
ADD INDEX inew (v)
DROP INDEX ia
DROP INDEX ud
DROP INDEX ib
DROP INDEX ft
DROP INDEX ib, ADD INDEX ib (b(20))
RENAME INDEX ib TO ic
RENAME INDEX ia TO ic
DROP PRIMARY KEY
DROP PRIMARY KEY, ADD PRIMARY KEY (id, d)
ADD PRIMARY KEY (id)
ADD PRIMARY KEY (id, d)
ADD CONSTRAINT cnew CHECK (d < 100)
DROP CONSTRAINT ck
ADD CONSTRAINT fnew FOREIGN KEY (d) REFERENCES p (id)
DROP FOREIGN KEY fk
DROP CONSTRAINT fk
RENAME TO t2
ENGINE=InnoDB
ENGINE=Aria
FORCE
ROW_FORMAT=DYNAMIC
ROW_FORMAT=COMPRESSED
KEY_BLOCK_SIZE=8
AUTO_INCREMENT=500
COMMENT='new'
DEFAULT CHARACTER SET latin1
DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
CONVERT TO CHARACTER SET utf8mb4
CONVERT TO CHARACTER SET latin1
CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
STATS_PERSISTENT=1
STATS_SAMPLE_PAGES=30
MAX_ROWS=1000
ORDER BY a
DISABLE KEYS
PARTITION BY HASH(id) PARTITIONS 4
REMOVE PARTITIONING
ADD PARTITION (PARTITION p2 VALUES LESS THAN (5000))
DROP PARTITION p1
TRUNCATE PARTITION p0
REORGANIZE PARTITION p0 INTO (PARTITION n0 VALUES LESS THAN (5), PARTITION n1 VALUES LESS THAN (10))
REBUILD PARTITION p0
ADD SYSTEM VERSIONING
`;

export interface OnlineCase {
  table: string;
  sql: string;
}

/** Forms that the server refuses on a table as such (a column that is not there) are left out by the comparison. */
export function onlineCases(): OnlineCase[] {
  const forms = FORMS.trim().split('\n');
  return Object.keys(TABLES).flatMap((table) =>
    forms.map((form) => ({ table, sql: `ALTER TABLE t ${form}` })),
  );
}
