/** The list of events: only the rows in sight are drawn, and what is in sight stays where it is when others come in. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { plural } from '../format/numbers.ts';
import { Icon } from '../ui/icon.tsx';
import { RowCells, RowHead } from './row.tsx';
import { rowAfterKey, rowsAdded, visibleRows } from './virtual-rows.ts';

/** Rows from either end at which the next page is asked for. */
const NEAR = 60;

/** How much larger the reader's text is than the 13 pixels that the style sheet is written for. */
function largerText(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 13;
}

interface EventListProps {
  items: readonly TelemetryEvent[];
  complete: boolean;
  /** Whether it begins with the newest event. */
  newest: boolean;
  /** New events that are not in the list. */
  waiting: number;
  /** Id of the event whose details are shown. */
  selected: string | undefined;
  /** Address under which the details of an event are shown. */
  hrefOf: (event: TelemetryEvent) => string;
  onSelect: (event: TelemetryEvent) => void;
  onNearStart: () => void;
  onNearEnd: () => void;
  /** Begins again with the newest event. */
  onNewest: () => void;
  /** The events between which the reader is, and whether that is the top. */
  onView: (first: TelemetryEvent | undefined, last: TelemetryEvent | undefined, atTop: boolean) => void;
  /** What stands below the last row, in a word. */
  footer: string;
}

export function EventList(props: EventListProps) {
  const { items, complete, newest, waiting, selected, hrefOf, onSelect, footer } = props;
  const { onNearStart, onNearEnd, onNewest, onView } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLOListElement>(null);
  const [view, setView] = useState({ top: 0, height: 600, row: 34 });
  const [active, setActive] = useState(0);
  const [added, setAdded] = useState(0);
  const pointed = useRef(false);
  const wanted = useRef<number | undefined>(undefined);
  const activeSequence = useRef<number | undefined>(undefined);
  const anchor = useRef<{ sequence: number; index: number } | undefined>(undefined);
  const begins = useRef(newest);
  const rows = items.length;

  useEffect(() => {
    const measure = () => {
      if (!scroller.current || !body.current) return;
      const plain = Number.parseFloat(getComputedStyle(body.current).getPropertyValue('--row-height'));
      const row = plain * largerText();
      setView({ top: scroller.current.scrollTop, height: scroller.current.clientHeight, row });
    };
    const observer = new ResizeObserver(measure);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);

  // Before the browser paints: rows that came in above are scrolled past, so that what was in sight does not move.
  useLayoutEffect(() => {
    const { current: box } = scroller;
    const { current: held } = anchor;
    const reading = box && (box.scrollTop > 0 || pointed.current || box.querySelector(':focus-visible'));
    if (box && held && (reading || !begins.current)) {
      const shift = rowsAdded(items, held.index, ({ sequence }) => sequence === held.sequence);
      // The height first, or the browser would not scroll as far; the drawing will set the same.
      if (body.current) body.current.style.height = `${rows * view.row}px`;
      box.scrollTop += shift * view.row;
      setView((before) => ({ ...before, top: box.scrollTop }));
      if (shift > 0 && begins.current && newest) setAdded((before) => before + shift);
    }
    begins.current = newest;
    const moved = rowsAdded(items, active, ({ sequence }) => sequence === activeSequence.current);
    setActive((before) => before + moved);
    remember();
  }, [items]);
  useLayoutEffect(() => {
    activeSequence.current = items[active]?.sequence;
  }, [items, active]);

  // As soon as the row that should have the focus is drawn, so that no key goes astray.
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`);
    wanted.current = undefined;
    row?.focus({ preventScroll: true });
  });

  useEffect(() => {
    if (!complete && (view.top + view.height) / view.row > rows - NEAR) onNearEnd();
    else if (!newest && view.top / view.row < NEAR) onNearStart();
  }, [view, items, complete, newest]);
  useEffect(() => {
    const first = Math.floor(view.top / view.row);
    const last = Math.min(rows - 1, Math.floor((view.top + view.height) / view.row));
    onView(items[first], items[last], view.top === 0 && !pointed.current);
  }, [view, items]);

  /** The first row in sight is the one that stays. */
  function remember(): void {
    const index = Math.floor((scroller.current?.scrollTop ?? 0) / view.row);
    const item = items[index];
    anchor.current = item && { sequence: item.sequence, index };
  }

  function onScroll(): void {
    const top = scroller.current?.scrollTop ?? 0;
    setView((before) => ({ ...before, top }));
    if (top === 0) setAdded(0);
    remember();
  }

  function toTop(): void {
    if (!newest) onNewest();
    scroller.current?.scrollTo({ top: 0 });
    setAdded(0);
    focusRow(0);
  }

  /** Scrolls a row into sight and gives it the focus once it is drawn. */
  function focusRow(index: number): void {
    setActive(index);
    const box = scroller.current;
    if (!box) return;
    const top = index * view.row;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + view.row > box.scrollTop + view.height) box.scrollTop = top + view.row - view.height;
    wanted.current = index;
    setView((before) => ({ ...before, top: box.scrollTop }));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const target = rowAfterKey(event.key, active, rows, Math.floor(view.height / view.row) - 1);
    if (target === undefined) return;
    event.preventDefault();
    focusRow(target);
  }

  const fresh = added + waiting;
  const { from, to } = visibleRows(view.top, view.height, view.row, rows);
  const drawn = items.slice(from, to).map((event, i) => ({ event, index: from + i }));
  const focused = items[active];
  if (focused && (active < from || active >= to)) drawn.push({ event: focused, index: active });

  return (
    <div class="event-grid">
      <RowHead />
      {(fresh > 0 || !newest) && (
        <button type="button" class="new-rows" onClick={toTop}>
          <Icon name="up" /> {fresh > 0 ? plural(fresh, 'new event') : 'To the newest'}
        </button>
      )}
      <div class="visually-hidden" role="status">
        {fresh > 0 ? `${plural(fresh, 'new event')} above` : ''}
      </div>
      <div
        class="event-scroll"
        ref={scroller}
        onScroll={onScroll}
        onPointerEnter={() => {
          pointed.current = true;
        }}
        onPointerLeave={() => {
          pointed.current = false;
        }}
      >
        <ol class="event-rows" aria-label="Events" ref={body} style={{ height: `${rows * view.row}px` }}>
          {drawn.map(({ event, index }) => (
            <li
              key={event.sequence}
              data-index={index}
              aria-setsize={complete && newest ? rows : -1}
              aria-posinset={newest ? index + 1 : undefined}
              style={{ transform: `translateY(${index * view.row}px)` }}
            >
              <a
                class="event-row"
                href={hrefOf(event)}
                aria-current={event.id === selected ? 'true' : undefined}
                tabIndex={index === active ? 0 : -1}
                onKeyDown={onKeyDown}
                onFocus={() => setActive(index)}
                onClick={(click) => {
                  if (click.metaKey || click.ctrlKey || click.shiftKey) return;
                  click.preventDefault();
                  onSelect(event);
                }}
              >
                <RowCells event={event} />
              </a>
            </li>
          ))}
        </ol>
        <p class="event-footer">{footer}</p>
      </div>
    </div>
  );
}
