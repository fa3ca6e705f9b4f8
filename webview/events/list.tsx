/** The list of events: only the rows in sight are drawn, and what is in sight stays where it is when others come in. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { plural } from '../format/numbers.ts';
import { Icon } from '../ui/icon.tsx';
import { RowCells, RowHead } from './row.tsx';
import { rowAfterKey, rowsAdded, visibleRows } from './virtual-rows.ts';

/** Rows from the end at which the next page is asked for. */
const NEAR_END = 40;

interface EventListProps {
  items: readonly TelemetryEvent[];
  complete: boolean;
  /** Id of the event whose details are shown. */
  selected: string | undefined;
  /** Address under which the details of an event are shown. */
  hrefOf: (event: TelemetryEvent) => string;
  onSelect: (event: TelemetryEvent) => void;
  onNearEnd: () => void;
  /** What stands below the last row, in a word. */
  footer: string;
}

export function EventList(props: EventListProps) {
  const { items, complete, selected, hrefOf, onSelect, onNearEnd, footer } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLOListElement>(null);
  const [view, setView] = useState({ top: 0, height: 600, row: 34 });
  const [active, setActive] = useState(0);
  const [added, setAdded] = useState(0);
  const pointed = useRef(false);
  const wanted = useRef<number | undefined>(undefined);
  const activeSequence = useRef<number | undefined>(undefined);
  const anchor = useRef<{ sequence: number; index: number } | undefined>(undefined);
  const rows = items.length;

  useEffect(() => {
    const measure = () => {
      if (!scroller.current || !body.current) return;
      const row = Number.parseFloat(getComputedStyle(body.current).getPropertyValue('--row-height'));
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
    if (box && held && (box.scrollTop > 0 || pointed.current || box.querySelector(':focus-visible'))) {
      const shift = rowsAdded(items, held.index, ({ sequence }) => sequence === held.sequence);
      box.scrollTop += shift * view.row;
      setAdded((before) => before + shift);
    }
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
    const row = body.current?.querySelector<HTMLElement>(`[aria-posinset="${wanted.current + 1}"] a`);
    wanted.current = undefined;
    row?.focus({ preventScroll: true });
  });

  useEffect(() => {
    if (!complete && (view.top + view.height) / view.row > rows - NEAR_END) onNearEnd();
  }, [view, rows, complete, onNearEnd]);

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

  const { from, to } = visibleRows(view.top, view.height, view.row, rows);
  const drawn = items.slice(from, to).map((event, i) => ({ event, index: from + i }));
  const focused = items[active];
  if (focused && (active < from || active >= to)) drawn.push({ event: focused, index: active });

  return (
    <div class="event-grid">
      <RowHead />
      {added > 0 && (
        <button type="button" class="new-rows" onClick={toTop}>
          <Icon name="up" /> {plural(added, 'new event')}
        </button>
      )}
      <div class="visually-hidden" role="status">
        {added > 0 ? `${plural(added, 'new event')} above` : ''}
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
              aria-setsize={complete ? rows : -1}
              aria-posinset={index + 1}
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
