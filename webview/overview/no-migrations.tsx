import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { RANGES, range, workspace } from '../state/timeframe.ts';
import { HowToImport } from '../ui/how-to-import.tsx';
import { Empty } from '../ui/states.tsx';

/** Stands on the overview where there is no migration: why, and what to do about it. */
export function NoMigrations() {
  if (range.value !== 'all') {
    return (
      <div class="card">
        <Empty title={`No migrations in ${RANGES[range.value].name}`}>
          <Link to={href(['overview'], { range: undefined })} class="button">
            Show all time
          </Link>
        </Empty>
      </div>
    );
  }
  if (workspace.value !== undefined) {
    return (
      <div class="card">
        <Empty title="No migrations in this workspace">
          <Link to={href(['overview'], { workspace: undefined })} class="button">
            Show all workspaces
          </Link>
        </Empty>
      </div>
    );
  }
  return (
    <div class="card">
      <Empty title="No migrations are recorded yet">
        <HowToImport />
        <p>The VS Code extension records what you run from then on.</p>
      </Empty>
    </div>
  );
}
