import type { LearningFeedback } from '../../core/contract/feedback.ts';
import { percent } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { useClient } from '../state/host.ts';
import { usePaged } from '../state/paged.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Card } from '../ui/card.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { LoadedPages } from '../ui/loaded-pages.tsx';
import { Empty } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { useAction } from '../ui/use-action.ts';
import { Wrapped } from '../ui/wrapped.tsx';
import { actualText } from './actual-text.ts';
import { effectText, givenAgain, thresholdText } from './effect-text.ts';

/** What was said, newest first, what it changed, and a way to take it back. */
export function History() {
  const client = useClient();
  const pages = usePaged('history', (cursor) =>
    client.call('feedback.list', { limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
  );
  const withdraw = useAction(async (feedback: LearningFeedback) => {
    await client.call('feedback.withdraw', { id: feedback.id });
    pages.again();
    toast('Taken back; the models forget it on their next training', {
      undo: async () => {
        try {
          await client.call('feedback.provide', givenAgain(feedback));
          pages.again();
        } catch {
          toast('This could not be given again', { tone: 'error' });
        }
      },
    });
  });
  return (
    <Card title="What was answered" note="Newest first; times in UTC">
      <ActionError error={withdraw.error} />
      <LoadedPages paged={pages}>
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nobody has answered anything yet">
              <Link to={href(['feedback'])} class="button">
                Go to the queue
              </Link>
            </Empty>
          ) : (
            <DataTable
              caption="Feedback"
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                {
                  head: 'What',
                  cell: ({ subject, eventId }) => (
                    <Link to={href(['events'], { event: eventId, type: 'all' })}>
                      <Wrapped name={subject ?? 'An event'} />
                    </Link>
                  ),
                  class: 'subject',
                },
                {
                  head: 'When (UTC)',
                  cell: ({ timestamp }) => dateTime(timestamp).slice(0, 16),
                  class: 'nowrap',
                  secondary: true,
                },
                { head: 'Really', cell: ({ actualOutcome }) => actualText(actualOutcome) },
                { head: 'Right', cell: ({ accuracy }) => percent(accuracy), numeric: true },
                {
                  head: 'Rating',
                  cell: ({ userRating }) => (userRating === undefined ? '' : `${userRating} of 5`),
                  numeric: true,
                  secondary: true,
                },
                { head: 'Who', cell: ({ user }) => user ?? '', secondary: true },
                {
                  head: 'Note, and what it changed',
                  cell: (one) => <Remarks feedback={one} />,
                  class: 'subject',
                  secondary: true,
                },
                {
                  head: 'Take back',
                  headHidden: true,
                  cell: (one) =>
                    one.withdrawn ? (
                      <span class="text-quiet">Taken back</span>
                    ) : (
                      <button
                        type="button"
                        class="button small"
                        disabled={withdraw.busy}
                        aria-label={`Take back the answer of ${dateTime(one.timestamp)}`}
                        onClick={() => withdraw.run(one)}
                      >
                        Take back
                      </button>
                    ),
                  numeric: true,
                },
              ]}
            />
          )
        }
      </LoadedPages>
    </Card>
  );
}

function Remarks({ feedback: { feedback, effect, threshold, withdrawn } }: { feedback: LearningFeedback }) {
  const changed = withdrawn ? undefined : (effectText(effect) ?? (threshold && thresholdText(threshold)));
  return (
    <>
      {feedback}
      {changed && <span class="note changed">{changed}</span>}
    </>
  );
}
