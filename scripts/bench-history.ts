/** A history of migrations that benchmarks are run on: made up, in the ways that histories go, the same each time. */

/** The statements of each migration, oldest first. */
export function benchHistory(migrations: number): string[][] {
  return Array.from({ length: migrations }, (_, i) => migration(i));
}

/** Name of a migration's file by its place from 0. */
export function benchFile(i: number): string {
  return `${String(i + 1).padStart(4, '0')}_step.sql`;
}

/** What stands in a migration's file. */
export function benchText(statements: readonly string[]): string {
  return `${statements.join(';\n')};\n`;
}

/** Every eighth makes a table; the others change those that are there, in the ways that histories do. */
function migration(i: number): string[] {
  const group = Math.floor(i / 8);
  const table = `t${group}`;
  const earlier = `t${Math.max(0, group - 1)}`;
  const forms: string[][] = [
    [
      `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now(), parent bigint)`,
      `CREATE INDEX ${table}_name ON ${table} (name)`,
    ],
    [`ALTER TABLE ${table} ADD COLUMN note text, ADD COLUMN amount numeric(10, 2) NOT NULL DEFAULT 0`],
    [`CREATE INDEX ${table}_at ON ${table} (at) WHERE note IS NOT NULL`],
    [
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_parent FOREIGN KEY (parent) REFERENCES ${earlier} (id) NOT VALID`,
      `ALTER TABLE ${table} VALIDATE CONSTRAINT ${table}_parent`,
    ],
    [
      `CREATE VIEW v${group} AS SELECT a.id, a.name, count(b.id) AS n FROM ${table} a LEFT JOIN ${earlier} b ON b.id = a.parent GROUP BY a.id, a.name`,
    ],
    [
      `CREATE FUNCTION f${group}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$`,
      `CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION f${group}()`,
    ],
    [`INSERT INTO ${table} (name) VALUES ('a'), ('b')`, `UPDATE ${table} SET note = name WHERE id < 10`],
    [
      `ALTER TABLE ${table} ALTER COLUMN note SET DEFAULT ''`,
      `COMMENT ON TABLE ${table} IS 'group ${group}'`,
    ],
  ];
  return forms[i % forms.length] ?? [];
}
