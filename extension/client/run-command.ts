/** The command line that runs a migration, by its tool. Pure. */
const COMMANDS: Record<string, string> = {
  prisma: 'npx prisma migrate deploy',
  drizzle: 'npx drizzle-kit migrate',
  knex: 'npx knex migrate:latest',
  typeorm: 'npx typeorm migration:run',
  sequelize: 'npx sequelize-cli db:migrate',
  diesel: 'diesel migration run',
  goose: 'goose up',
  sqlx: 'sqlx migrate run',
  flyway: 'flyway migrate',
  liquibase: 'liquibase update',
  sqitch: 'sqitch deploy',
  dbmate: 'dbmate up',
  supabase: 'supabase db push',
  rails: 'bin/rails db:migrate',
};

/** Where no tool is known, psql on the one file, stopping at the first error. */
export function runCommand(tool: string | undefined, path: string): string {
  const known = tool === undefined ? undefined : COMMANDS[tool];
  return known ?? `psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f '${path.replaceAll("'", `'\\''`)}'`;
}
