/** Finds histories of tools with a plan or a changelog of their own, and those written in JavaScript or TypeScript. */
import type { Dialect } from '../contract/event.ts';
import type { FoundHistory, FoundMigration, ReadText } from './discover.ts';
import { dialectNamed } from './formats.ts';
import { ancestors, compareNumbers, compareText, split, within } from './paths.ts';
import { isRailsMigration } from './rails/extract.ts';
import { scriptTool } from './script/extract.ts';

type Undecided = Omit<FoundHistory, 'dialect'>;

/** In the order of `sqitch.plan`, under `deploy` of the folder that it or `sqitch.conf` names. */
export function sqitch(everything: ReadonlySet<string>, read: ReadText): Undecided[] {
  return [...everything].flatMap((path): Undecided[] => {
    const { folder, base } = split(path);
    if (base !== 'sqitch.plan') return [];
    const top = /^\s*top_dir\s*=\s*(\S+)/m.exec(read(within(folder, 'sqitch.conf')) ?? '')?.[1];
    const deploy = within(top && top !== '.' ? within(folder, top.replace(/^\.\//, '')) : folder, 'deploy');
    const migrations = planned(read(path) ?? '').flatMap(({ name, reworked }): FoundMigration[] => {
      const file = within(deploy, `${reworked === undefined ? name : `${name}@${reworked}`}.sql`);
      return everything.has(file)
        ? [{ name: reworked === undefined ? name : `${name}@${reworked}`, path: file }]
        : [];
    });
    return migrations.length > 0 ? [{ folder: deploy, format: 'sqitch', migrations }] : [];
  });
}

/**
 * Changes of a plan in order. One that comes again later was reworked: its first form is kept under the tag that stands
 * between the two (sqitch.org, “sqitch rework”).
 */
function planned(plan: string): { name: string; reworked?: string }[] {
  const changes: { name: string; tag?: string }[] = [];
  for (const line of plan.split(/\r?\n/)) {
    const text = line.trim();
    if (text === '' || text.startsWith('%') || text.startsWith('#')) continue;
    if (text.startsWith('@')) {
      const tag = text.slice(1).split(/\s/)[0] ?? '';
      for (const change of changes) change.tag ??= tag;
    } else changes.push({ name: text.replace(/^[+-]\s*/, '').split(/\s/)[0] ?? '' });
  }
  return changes.map(({ name, tag }, i) => {
    const again = changes.slice(i + 1).some((later) => later.name === name);
    return again && tag !== undefined ? { name, reworked: tag } : { name };
  });
}

const FORMATTED = /^\s*--\s*liquibase\s+formatted\s+sql/i;

/** Formatted SQL of one folder, in the order of the changelog that includes it, else by name. */
export function liquibase(
  folder: string,
  names: readonly string[],
  everything: ReadonlySet<string>,
  read: ReadText,
): Undecided | undefined {
  const [first] = [...names].sort(compareText);
  if (first === undefined || !FORMATTED.test(read(within(folder, first)) ?? '')) return undefined;
  const files = names.filter((name) => FORMATTED.test(read(within(folder, name)) ?? '')).sort(compareNumbers);
  const included = includes(folder, everything, read);
  const place = (name: string) => {
    const at = included.findIndex((path) => path.endsWith(name));
    return at === -1 ? included.length : at;
  };
  if (included.length > 0) files.sort((a, b) => place(a) - place(b));
  const migrations = files.map((name) => ({ name: name.replace(/\.sql$/i, ''), path: within(folder, name) }));
  return { folder, format: 'liquibase', migrations };
}

/** Files that a changelog in this folder or one above it includes, in order. */
function includes(folder: string, everything: ReadonlySet<string>, read: ReadText): string[] {
  for (const above of ancestors(folder).reverse()) {
    for (const path of everything) {
      const { folder: place, base } = split(path);
      if (place !== above || !/changelog.*\.(?:xml|ya?ml|json)$/i.test(base)) continue;
      const text = read(path) ?? '';
      const found = [...text.matchAll(/\bfile["']?\s*[=:]\s*["']?([^"'\s>}]+\.sql)/g)].map(
        (match) => match[1] ?? '',
      );
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Those of an engine bear its name behind: `…_create_tables.active_storage.rb`. */
const RUBY = /^\d+_[\w.]+\.rb$/;
/** `db/migrate`, and one folder more for each further database. */
const RAILS_FOLDER = /(?:^|\/)db\/(?:\w+_)?migrate$/;
/** Run behind the deployment, in one order with the others. */
const POST = /(?:^|\/)db\/post_migrate$/;

/**
 * Rails: the migrations of `db/migrate` in the order of their versions; `db/structure.sql`, which holds the schema as a
 * whole, only where there are none.
 */
export function rails(paths: readonly string[], read: ReadText): Undecided[] {
  const byFolder = new Map<string, FoundMigration[]>();
  for (const path of paths) {
    const { folder, base } = split(path);
    const own = POST.test(folder) ? folder.replace(/post_migrate$/, 'migrate') : folder;
    if (!RUBY.test(base) || !RAILS_FOLDER.test(own)) continue;
    byFolder.set(own, [...(byFolder.get(own) ?? []), { name: base.replace(/\.rb$/, ''), path }]);
  }
  const histories = [...byFolder].flatMap(([folder, migrations]): Undecided[] => {
    migrations.sort((a, b) => compareNumbers(a.name, b.name));
    const isRails = migrations.slice(0, 5).some(({ path }) => isRailsMigration(read(path) ?? ''));
    return isRails ? [{ folder, format: 'rails', migrations }] : [];
  });
  const migrated = new Set(histories.map(({ folder }) => split(folder).folder));
  return [...histories, ...structures(paths).filter(({ folder }) => !migrated.has(folder))];
}

function structures(paths: readonly string[]): Undecided[] {
  return paths.flatMap((path): Undecided[] => {
    const { folder, base } = split(path);
    if (!/^(?:\w+_)?structure\.sql$/.test(base) || !/(?:^|\/)db$/.test(folder)) return [];
    return [{ folder, format: 'rails-structure', migrations: [{ name: base.replace(/\.sql$/, ''), path }] }];
  });
}

const SCRIPT = /^\d+[-_].*\.[cm]?[jt]s$/;
const NO_SCRIPT = /\.(?:d|test|spec)\.[cm]?ts$|\.(?:test|spec)\.[cm]?js$/;
const PLACE = /migrat/i;

/** Knex, TypeORM, Sequelize, Kysely: numbered scripts in a folder for migrations, by what the first of them call. */
export function scripts(paths: readonly string[], read: ReadText): Undecided[] {
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    const { folder, base } = split(path);
    if (!SCRIPT.test(base) || NO_SCRIPT.test(base) || !PLACE.test(folder)) continue;
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), base]);
  }
  return [...byFolder].flatMap(([folder, names]): Undecided[] => {
    names.sort(compareNumbers);
    const tools = names.slice(0, 5).flatMap((name) => scriptTool(read(within(folder, name)) ?? '') ?? []);
    const [format] = tools;
    if (format === undefined) return [];
    const typescript = names.some((name) => /ts$/.test(name));
    // Beside their sources stand compiled copies.
    const own = typescript
      ? names.filter((name) => /ts$/.test(name) || !names.includes(name.replace(/js$/, 'ts')))
      : names;
    const migrations = own.map((name) => ({
      name: name.replace(/\.[cm]?[jt]s$/, ''),
      path: within(folder, name),
    }));
    return [{ folder, format, migrations }];
  });
}

/** The database that the packages around a folder speak to, where they speak to one only. */
export function packageDialect(folder: string, read: ReadText): 'postgres' | 'mysql' | 'sqlite' | undefined {
  for (const above of ancestors(folder).reverse()) {
    const text = read(within(above, 'package.json'));
    if (text === undefined) continue;
    const found = (
      [
        ['postgres', /"(?:pg|pg-promise|postgres|@neondatabase\/serverless)"\s*:/],
        ['mysql', /"(?:mysql|mysql2|mariadb)"\s*:/],
        ['sqlite', /"(?:sqlite3|better-sqlite3|sql\.js|@libsql\/client)"\s*:/],
      ] as const
    ).filter(([, sign]) => sign.test(text));
    if (found.length === 1) return found[0]?.[0];
    if (found.length > 1) return undefined;
  }
  return undefined;
}

/** The database of a Rails application: by `config/database.yml`, else by the driver in its `Gemfile`. */
export function railsDialect(folder: string, read: ReadText): Dialect | undefined {
  for (const above of ancestors(folder).reverse()) {
    const config = read(within(above, 'config/database.yml'));
    const adapter = /^\s*adapter:\s*["']?(?:<%=.*?["'](\w+)["'].*%>|(\w+))/m.exec(config ?? '');
    const named = dialectNamed(adapter?.[1] ?? adapter?.[2] ?? '');
    if (named) return named;
    const gems = read(within(above, 'Gemfile')) ?? '';
    const drivers = [...gems.matchAll(/^\s*gem\s+["'](pg|mysql2|trilogy|sqlite3)["']/gm)].map(
      ([, gem]) => gem,
    );
    if (drivers.includes('pg')) return 'postgres';
    if (drivers.includes('mysql2') || drivers.includes('trilogy')) return 'mysql';
    if (drivers.includes('sqlite3')) return 'sqlite';
  }
  return undefined;
}
