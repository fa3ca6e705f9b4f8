import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PredictionRecord, QueueItem } from '../../core/contract/prediction.ts';
import { MODEL_NAMES, OUTCOME_NAMES } from '../format/names.ts';
import { duration, percent } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { href } from '../routing/router.ts';
import { Caps } from '../shortcuts/caps.tsx';
import { Bar } from '../ui/bar.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Badge } from '../ui/status.tsx';
import { Wrapped } from '../ui/wrapped.tsx';
import { type Answer, asksFor, durationIn, isAnomaly, type Remarks } from './answer.ts';
import { KINDS } from './kinds.ts';

/** Which field is open. */
export type Typing = 'duration' | 'note' | undefined;

interface AnswerCardProps {
  item: QueueItem;
  place: string;
  remarks: Remarks;
  typing: Typing;
  busy: boolean;
  onRemarks: (remarks: Remarks) => void;
  onTyping: (typing: Typing) => void;
  onAnswer: (answer: Answer) => void;
  onMove: (by: number) => void;
}

/** One question with all that is needed to answer it, and the answers with their keys. */
export function AnswerCard(props: AnswerCardProps) {
  const { item, place, remarks, typing, busy, onRemarks, onTyping, onAnswer, onMove } = props;
  const { title, because, kind, teaches, prediction, eventId } = item;
  const anomaly = isAnomaly(item);
  const asked = asksFor(item);
  return (
    <article class="card answer" aria-labelledby="question">
      <header class="answer-head">
        <Badge tone={KINDS[kind].tone}>{KINDS[kind].name}</Badge>
        <span class="note answer-place">{place}</span>
        <button type="button" class="button quiet small" onClick={() => onMove(-1)}>
          <Icon name="up" /> Previous <Caps keys="k" />
        </button>
        <button type="button" class="button quiet small" onClick={() => onMove(1)}>
          <Icon name="down" /> Next <Caps keys="j" />
        </button>
      </header>
      <h2 id="question">
        <Wrapped name={title} />
      </h2>
      <p>{because}</p>
      <p class="teaches note">
        Teaches <Bar share={teaches} /> {percent(teaches)}
      </p>
      {prediction && <Said prediction={prediction} />}
      <p>
        <Link to={href(['events'], { event: eventId })}>Show the event with all around it</Link>
      </p>
      <fieldset class="answers" disabled={busy}>
        <legend>{anomaly ? 'Is the anomaly real?' : 'What really happened?'}</legend>
        <Choice keys="r" icon="ok" onClick={() => onAnswer({ is: 'right' })}>
          {anomaly ? 'Real' : 'Right'}
        </Choice>
        <Choice keys="w" icon="error" onClick={() => onAnswer({ is: 'wrong' })}>
          {anomaly ? 'Not real' : 'Wrong'}
        </Choice>
        {asked.outcome && (
          <>
            <Choice keys="s" icon="ok" onClick={() => onAnswer({ is: 'succeeded' })}>
              Succeeded
            </Choice>
            <Choice keys="f" icon="error" onClick={() => onAnswer({ is: 'failed' })}>
              Failed
            </Choice>
          </>
        )}
        {asked.duration && (
          <Choice keys="d" icon="chart" onClick={() => onTyping('duration')}>
            Took …
          </Choice>
        )}
      </fieldset>
      {typing === 'duration' && (
        <DurationField
          onDone={(durationMs) => onAnswer({ is: 'took', durationMs })}
          onLeave={() => onTyping(undefined)}
        />
      )}
      {!anomaly && (
        <fieldset class="segments answer-rating">
          <legend>Rating, sent with the answer (keys 1 to 5, 5 is best)</legend>
          {[1, 2, 3, 4, 5].map((rating) => (
            <label key={rating}>
              <input
                type="radio"
                name="rating"
                checked={remarks.rating === rating}
                onChange={() => onRemarks({ ...remarks, rating })}
              />
              <span>{rating}</span>
            </label>
          ))}
        </fieldset>
      )}
      {typing === 'note' || remarks.note ? (
        <NoteField
          note={remarks.note ?? ''}
          focused={typing === 'note'}
          onNote={(note) => onRemarks({ ...remarks, note })}
          onLeave={() => onTyping(undefined)}
        />
      ) : (
        <button type="button" class="button quiet" onClick={() => onTyping('note')}>
          Add a note <Caps keys="n" />
        </button>
      )}
    </article>
  );
}

interface ChoiceProps {
  keys: string;
  icon: IconName;
  onClick: () => void;
  children: ComponentChildren;
}

function Choice({ keys, icon, onClick, children }: ChoiceProps) {
  return (
    <button type="button" class="button" onClick={onClick}>
      <Icon name={icon} /> {children} <Caps keys={keys} />
    </button>
  );
}

/** What was said before it ran, and what is known since. */
function Said({ prediction }: { prediction: PredictionRecord }) {
  const {
    modelId,
    modelVersion,
    at,
    failureProbability,
    durationMs,
    confidence,
    reasons,
    outcome,
    file,
    line,
  } = prediction;
  return (
    <dl class="fields">
      <Fact name="Model">
        {MODEL_NAMES[modelId]}, version {modelVersion}, {dateTime(at)} UTC
      </Fact>
      {failureProbability !== undefined && <Fact name="Said to fail">{percent(failureProbability)}</Fact>}
      {durationMs && (
        <Fact name="Said to take">
          {duration(durationMs.p50)}, 8 of 10 between {duration(durationMs.p10)} and{' '}
          {duration(durationMs.p90)}
        </Fact>
      )}
      <Fact name="Confidence">{percent(confidence)}</Fact>
      {file && (
        <Fact name="File">
          <Wrapped name={file} />
          {line === undefined ? '' : `, line ${line}`}
        </Fact>
      )}
      {reasons.length > 0 && <Fact name="Reasons">{reasons.join('; ')}</Fact>}
      {outcome && (
        <Fact name="Known so far">
          {OUTCOME_NAMES[outcome.outcome]}
          {outcome.durationMs === undefined ? '' : ` in ${duration(outcome.durationMs)}`}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Enter sends, Escape leaves. */
function DurationField({ onDone, onLeave }: { onDone: (ms: number) => void; onLeave: () => void }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // Before the next key arrives: it belongs into the field.
  useLayoutEffect(() => input.current?.focus(), []);
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        const ms = durationIn(text);
        setWrong(ms === undefined);
        if (ms !== undefined) onDone(ms);
      }}
    >
      <label>
        It took{' '}
        <input
          ref={input}
          type="text"
          placeholder="850 ms, 4.2 s, 3 min"
          aria-invalid={wrong}
          aria-describedby={wrong ? 'duration-problem' : undefined}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && onLeave()}
        />
      </label>
      <button type="submit" class="button primary">
        Send
      </button>
      {wrong && (
        <p id="duration-problem" role="alert" class="text-error">
          That is no duration. Write 850 ms, 4.2 s or 3 min.
        </p>
      )}
    </form>
  );
}

interface NoteFieldProps {
  note: string;
  focused: boolean;
  onNote: (note: string) => void;
  onLeave: () => void;
}

/** Enter and Escape lead back to the answers; the note goes with the next one. */
function NoteField({ note, focused, onNote, onLeave }: NoteFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (focused) input.current?.focus();
  }, [focused]);
  return (
    <label class="note-field">
      Note, sent with the answer
      <input
        ref={input}
        type="text"
        maxLength={2_000}
        value={note}
        onInput={({ currentTarget }) => onNote(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          event.currentTarget.blur();
          onLeave();
        }}
      />
    </label>
  );
}
