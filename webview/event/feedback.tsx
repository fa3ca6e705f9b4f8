import { useState } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { LearningFeedback } from '../../core/contract/feedback.ts';
import { modelValue } from '../events/describe.ts';
import { percent } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { useClient } from '../state/host.ts';
import { useQuery } from '../state/query.ts';
import { Loaded } from '../ui/loaded.tsx';
import { FeedbackForm } from './feedback-form.tsx';

/** What people said of an event, and the form to say something. */
export function Feedback({ event }: { event: TelemetryEvent }) {
  const client = useClient();
  const query = useQuery(`feedback ${event.id}`, () => client.call('feedback.list', { eventId: event.id }));
  const [thanked, setThanked] = useState<string>();
  if (event.type === 'learning_feedback') return null;
  return (
    <section class="panel-part" aria-label="Feedback">
      <h3>Feedback</h3>
      <Loaded query={query} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="text-quiet">
              Nobody has said how this really went. The models learn from what you say here.
            </p>
          ) : (
            <ul class="plain-list feedback-list">
              {items.map((feedback) => (
                <li key={feedback.id}>
                  <GivenFeedback feedback={feedback} event={event} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <p role="status" class="form-said">
        {thanked === event.id ? 'Recorded. Thank you.' : ''}
      </p>
      <FeedbackForm
        key={event.id}
        event={event}
        onGiven={() => {
          setThanked(event.id);
          query.again();
        }}
      />
    </section>
  );
}

function GivenFeedback({ feedback, event }: { feedback: LearningFeedback; event: TelemetryEvent }) {
  const { modelId } = event.data as { modelId?: unknown };
  const { accuracy, actualOutcome, userRating, feedback: said, timestamp } = feedback;
  return (
    <>
      <p>
        Actually <strong>{modelValue(String(modelId ?? ''), actualOutcome)}</strong>, {percent(accuracy)}{' '}
        right
        {userRating === undefined ? '' : `, rated ${userRating} of 5`}
      </p>
      {said && <p class="feedback-text">{said}</p>}
      <p class="text-quiet">{dateTime(timestamp)} UTC</p>
    </>
  );
}
