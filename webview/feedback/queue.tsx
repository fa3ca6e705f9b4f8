import { useEffect, useRef, useState } from 'preact/hooks';
import type { Result } from '../../core/contract/methods.ts';
import type { QueueItem } from '../../core/contract/prediction.ts';
import { count, plural } from '../format/numbers.ts';
import { useShortcuts } from '../shortcuts/registry.ts';
import { useClient } from '../state/host.ts';
import type { Query } from '../state/query.ts';
import { ActionError } from '../ui/action-error.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Empty } from '../ui/states.tsx';
import { toast, undoLatest } from '../ui/toast.tsx';
import { useAction } from '../ui/use-action.ts';
import { Wrapped } from '../ui/wrapped.tsx';
import { type Answer, answerInput, asksFor, isAnomaly, type Remarks } from './answer.ts';
import { AnswerCard, type Typing } from './answer-card.tsx';
import { effectText } from './effect-text.ts';
import { KINDS } from './kinds.ts';

/** What teaches most first; one key answers and goes on to the next. */
export function Queue({ query }: { query: Query<Result<'feedback.queue'>> }) {
  return (
    <Loaded query={query} lines={10}>
      {({ items, total }) => <Answering items={items} total={total} />}
    </Loaded>
  );
}

function Answering({ items, total }: { items: readonly QueueItem[]; total: number }) {
  const client = useClient();
  // Answered here: gone at once, before the engine is asked again.
  const [answered, setAnswered] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const [remarks, setRemarks] = useState<Remarks>({});
  const [typing, setTyping] = useState<Typing>();
  const list = useRef<HTMLOListElement>(null);
  const left = items.filter(({ eventId }) => !answered.has(eventId));
  const index = Math.min(at, left.length - 1);
  const item = left[index];

  const move = (by: number) => {
    setAt(Math.max(0, Math.min(left.length - 1, index + by)));
    setRemarks({});
    setTyping(undefined);
  };
  const mark = (id: string, gone: boolean) =>
    setAnswered((before) => {
      const next = new Set(before);
      if (gone) next.add(id);
      else next.delete(id);
      return next;
    });

  const takeBack = async (of: QueueItem, work: Promise<unknown>) => {
    try {
      await work;
      mark(of.eventId, false);
    } catch {
      toast('This could not be taken back', { tone: 'error' });
    }
  };
  const answer = useAction(async (of: QueueItem, what: Answer) => {
    const sent = remarks;
    mark(of.eventId, true);
    setRemarks({});
    setTyping(undefined);
    try {
      if (isAnomaly(of)) {
        const real = what.is === 'right';
        await client.call('anomalies.judge', {
          anomalyId: of.anomalyId ?? '',
          real,
          ...(sent.note ? { comment: sent.note } : {}),
        });
        toast(`“${of.title}” is ${real ? 'real' : 'not real'}`, {
          undo: () => takeBack(of, client.call('anomalies.unjudge', { anomalyId: of.anomalyId ?? '' })),
        });
        return;
      }
      const given = await client.call('feedback.provide', answerInput(of, what, sent));
      toast(`Recorded. ${effectText(given.effect) ?? ''}`.trim(), {
        undo: () =>
          takeBack(of, client.call('feedback.withdraw', { id: given.id, reason: 'taken back at once' })),
      });
    } catch (error) {
      mark(of.eventId, false);
      throw error;
    }
  });

  const asked = item ? asksFor(item) : { outcome: false, duration: false };
  const say = (what: Answer) => {
    if (item) answer.run(item, what);
  };
  useShortcuts('Feedback', [
    { keys: 'j', title: 'Next', run: () => move(1) },
    { keys: 'k', title: 'Previous', run: () => move(-1) },
    { keys: 'r', title: 'It was right (an anomaly: real)', run: () => say({ is: 'right' }) },
    { keys: 'w', title: 'It was wrong (an anomaly: not real)', run: () => say({ is: 'wrong' }) },
    ...(asked.outcome
      ? [
          { keys: 's', title: 'It succeeded', run: () => say({ is: 'succeeded' }) },
          { keys: 'f', title: 'It failed', run: () => say({ is: 'failed' }) },
        ]
      : []),
    ...(asked.duration
      ? [{ keys: 'd', title: 'Say how long it took', run: () => setTyping('duration') }]
      : []),
    ...(item && isAnomaly(item)
      ? []
      : [
          ...[1, 2, 3, 4, 5].map((rating) => ({
            keys: String(rating),
            title: `Rate it ${rating} of 5`,
            run: () => setRemarks((before) => ({ ...before, rating })),
          })),
        ]),
    { keys: 'n', title: 'Add a note', run: () => setTyping('note') },
    { keys: 'u', title: 'Take the last answer back', run: () => void undoLatest() },
  ]);
  useEffect(() => {
    const { current } = list;
    const row = current?.querySelector<HTMLElement>('[aria-current]');
    if (!current || !row) return;
    // Not scrollIntoView: where the list is below the question, the page would leave the question.
    const { top, bottom } = row.getBoundingClientRect();
    const frame = current.getBoundingClientRect();
    if (top < frame.top) current.scrollTop -= frame.top - top;
    else if (bottom > frame.bottom) current.scrollTop += bottom - frame.bottom;
  }, [item?.eventId]);

  if (!item)
    return (
      <Empty title={total > 0 && items.length > 0 ? 'All of these are answered' : 'Nothing to answer'}>
        <p>
          Predictions come here when the models are unsure, were surprised, or people disagree. Outcomes that
          arrive by themselves need no answer.
        </p>
      </Empty>
    );
  return (
    <div class="queue">
      <div class="queue-side">
        <p class="note">
          {total > items.length
            ? `The ${count(items.length)} that teach most, of ${count(total)}`
            : plural(left.length, 'question')}
          , what teaches most first
        </p>
        <ol class="queue-list" ref={list}>
          {left.map((one, i) => (
            <li key={one.eventId}>
              <button
                type="button"
                class="queue-row"
                aria-current={i === index ? 'true' : undefined}
                onClick={() => move(i - index)}
              >
                <span class="queue-title">
                  <Wrapped name={one.title} />
                </span>
                <span class="note queue-because">
                  {KINDS[one.kind].name}: {one.because}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </div>
      <div class="queue-main">
        <ActionError error={answer.error} />
        <AnswerCard
          key={item.eventId}
          item={item}
          place={`${count(index + 1)} of ${count(left.length)}`}
          remarks={remarks}
          typing={typing}
          busy={answer.busy}
          onRemarks={setRemarks}
          onTyping={setTyping}
          onAnswer={say}
          onMove={move}
        />
      </div>
    </div>
  );
}
