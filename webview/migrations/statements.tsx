import type { MigrationStory } from '../../core/contract/migration-story.ts';
import { sentence, words } from '../format/names.ts';
import { duration, plural } from '../format/numbers.ts';
import { Card } from '../ui/card.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { Empty } from '../ui/states.tsx';
import { OutcomeBadge } from './outcome.tsx';

type Statement = MigrationStory['statements'][number];

/** The statements with their SQL, how long each took, and what went wrong. */
export function Statements({ statements }: { statements: readonly Statement[] }) {
  return (
    <Card title="Statements" note={plural(statements.length, 'statement')}>
      {statements.length === 0 ? (
        <Empty title="Its statements are not recorded" />
      ) : (
        <LimitedList items={statements} shown={20} class="statements" keyOf={({ index }) => String(index)}>
          {(statement) => <StatementItem statement={statement} />}
        </LimitedList>
      )}
    </Card>
  );
}

function StatementItem({ statement }: { statement: Statement }) {
  const { index, line, sql, operation, objects, outcome, durationMs, error } = statement;
  return (
    <div class="statement">
      <p class="statement-head">
        <strong>
          {index + 1}. {sentence(words(operation))}
        </strong>
        {objects.length > 0 && <code>{objects.slice(0, 4).join(', ')}</code>}
        {line !== undefined && <span class="text-quiet">line {line}</span>}
        <span class="statement-facts">
          {durationMs !== undefined && duration(durationMs)}
          {outcome && <OutcomeBadge outcome={outcome} />}
        </span>
      </p>
      {error && <p class="text-error">{error}</p>}
      {sql && (
        <ScrollBox class="statement-sql" label={`SQL of statement ${index + 1}`}>
          <pre>
            <code>{sql}</code>
          </pre>
        </ScrollBox>
      )}
    </div>
  );
}
