import './migrations.css';
import { MigrationList } from './list.tsx';
import { Story } from './story.tsx';

/** The migrations, or the story of the one that the address names. */
export function MigrationsPages({ detail }: { detail: string | undefined }) {
  return detail === undefined ? <MigrationList /> : <Story name={detail} key={detail} />;
}
