/** Migrations of tools that are known by their paths and not read, with what turns them into SQL. */
import { split } from './paths.ts';

export interface UnreadMigrations {
  tool: string;
  /** Where the most of them are, from the root that was searched. */
  folder: string;
  count: number;
  /** The tool's own command that writes them as SQL. */
  instead: string;
}

const TOOLS: { tool: string; path: RegExp; instead: string }[] = [
  {
    tool: 'Django',
    path: /(?:^|\/)migrations\/\d{4}_\w+\.py$/,
    instead: 'python manage.py sqlmigrate APP MIGRATION',
  },
  {
    tool: 'Alembic',
    path: /(?:^|\/)(?:alembic|migrations?)\/versions\/[\w-]+\.py$/,
    instead: 'alembic upgrade head --sql',
  },
  {
    tool: 'Laravel',
    path: /(?:^|\/)migrations\/\d{4}_\d{2}_\d{2}_\d{6}_\w+\.php$/,
    instead: 'php artisan migrate --pretend',
  },
  {
    tool: 'Doctrine',
    path: /(?:^|\/)migrations\/(?:.+\/)?Version\d{8,}\w*\.php$/i,
    instead: 'php bin/console doctrine:migrations:migrate --write-sql',
  },
  {
    tool: 'Ecto',
    path: /(?:^|\/)migrations\/\d{14}_\w+\.exs$/,
    instead: 'mix ecto.migrate --log-migrations-sql',
  },
  {
    tool: 'Entity Framework',
    path: /(?:^|\/)Migrations\/(?:.+\/)?\d{14}_\w+\.cs$/,
    instead: 'dotnet ef migrations script',
  },
  {
    tool: 'Liquibase in XML, YAML or JSON',
    path: /(?:^|\/)(?:[\w.-]*changelog[\w.-]*\/.+|[\w.-]*changelog[\w.-]*)\.(?:xml|ya?ml)$/i,
    instead: 'liquibase update-sql',
  },
  {
    tool: 'goose in Go',
    path: /(?:^|\/)migrations\/\d{5,}_\w+(?<!_test)\.go$/,
    instead: 'goose create NAME sql for new ones',
  },
];

/** One entry a tool, in the order of the table. */
export function unread(paths: readonly string[]): UnreadMigrations[] {
  return TOOLS.flatMap(({ tool, path, instead }): UnreadMigrations[] => {
    const found = paths.filter((one) => path.test(one));
    if (found.length === 0) return [];
    const byFolder = new Map<string, number>();
    for (const one of found) {
      const { folder } = split(one);
      byFolder.set(folder, (byFolder.get(folder) ?? 0) + 1);
    }
    const [most] = [...byFolder].sort(([, a], [, b]) => b - a);
    return [{ tool, folder: most?.[0] ?? '.', count: found.length, instead }];
  });
}
