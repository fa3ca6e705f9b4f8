/** What part of a drawing is seen: dragged, zoomed by wheel, buttons and keys, fitted to all or to one thing in it. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Box } from './layout.ts';

export interface ViewBox {
  /** Corner of what is seen, in units of the drawing. */
  x: number;
  y: number;
  /** Pixels for a unit. */
  scale: number;
}

const LEAST = 0.03;
const MOST = 2;
const STEP = 1.25;
const MOVE = 80;
/** A pointer that moves less than this, in pixels, clicks. */
const CLICK = 4;

/** Of the window in which a drawing is seen, in pixels. */
export interface Frame {
  width: number;
  height: number;
}

export interface ViewBoxControl {
  box: ViewBox;
  frame: Frame;
  /** Whether all of the drawing is seen. */
  isWhole: boolean;
  onPointerDown(event: PointerEvent): void;
  onKeyDown(event: KeyboardEvent): void;
  zoom(factor: number): void;
  /** Shows all of it, or this part, also when the window gets another size. */
  fit(part?: Box): void;
  /** Moves this place, in units of the drawing, into the middle. */
  centre(x: number, y: number): void;
}

/** The size of an element, as it is laid out. */
export function useFrame(ref: { current: HTMLElement | null }): Frame {
  const [frame, setFrame] = useState({ width: 800, height: 560 });
  useLayoutEffect(() => {
    const { current } = ref;
    if (!current) return undefined;
    const measure = () => setFrame({ width: current.clientWidth, height: current.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return frame;
}

/** `drawing` is the size of all there is, `first` the part that is shown until the reader asks for another. */
export function useViewBox(
  ref: { current: HTMLElement | null },
  frame: Frame,
  drawing: { width: number; height: number },
  first?: Box,
): ViewBoxControl {
  const [part, setPart] = useState<Box | 'first' | 'all'>('first');
  const [box, setBox] = useState<ViewBox>();
  const all = { x: 0, y: 0, ...drawing };
  const shown = (part === 'first' ? first : part === 'all' ? undefined : part) ?? all;
  const seen = box ?? fitted(shown, frame, 1);
  const isWhole = box === undefined && shown === all;

  const zoomAt = (factor: number, px: number, py: number) =>
    setBox((before) => {
      const { x, y, scale } = before ?? seen;
      const next = Math.min(MOST, Math.max(LEAST, scale * factor));
      return { scale: next, x: x + px / scale - px / next, y: y + py / scale - py / next };
    });
  const latest = useRef(zoomAt);
  latest.current = zoomAt;

  // Not passive, or the page would scroll along.
  useEffect(() => {
    const { current } = ref;
    if (!current) return undefined;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = current.getBoundingClientRect();
      latest.current(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
    };
    current.addEventListener('wheel', wheel, { passive: false });
    return () => current.removeEventListener('wheel', wheel);
  }, []);

  const zoom = (factor: number) => zoomAt(factor, frame.width / 2, frame.height / 2);
  const move = (dx: number, dy: number) =>
    setBox((before) => {
      const { x, y, scale } = before ?? seen;
      return { scale, x: x + dx / scale, y: y + dy / scale };
    });
  const centre = (x: number, y: number) =>
    setBox({ scale: seen.scale, x: x - frame.width / seen.scale / 2, y: y - frame.height / seen.scale / 2 });
  const fit = (wanted?: Box) => {
    setPart(wanted ?? 'all');
    setBox(undefined);
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    let [px, py] = [event.clientX, event.clientY];
    let dragged = false;
    const drag = (moved: PointerEvent) => {
      if (!dragged && Math.hypot(moved.clientX - px, moved.clientY - py) < CLICK) return;
      dragged = true;
      move(px - moved.clientX, py - moved.clientY);
      [px, py] = [moved.clientX, moved.clientY];
    };
    const end = () => {
      removeEventListener('pointermove', drag);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      if (dragged) swallowClick();
    };
    addEventListener('pointermove', drag);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
  };

  const keys: Record<string, () => void> = {
    ArrowLeft: () => move(-MOVE, 0),
    ArrowRight: () => move(MOVE, 0),
    ArrowUp: () => move(0, -MOVE),
    ArrowDown: () => move(0, MOVE),
    '+': () => zoom(STEP),
    '=': () => zoom(STEP),
    '-': () => zoom(1 / STEP),
    '0': () => fit(),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return { box: seen, frame, isWhole, onPointerDown, onKeyDown, zoom, fit, centre };
}

/** The click that ends a drag chooses nothing. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', swallow, { capture: true }));
}

/** The view that shows a part in the middle, as large as fits and no larger than `most`. */
export function fitted(part: Box, frame: { width: number; height: number }, most: number): ViewBox {
  const margin = 24;
  const scale = Math.max(
    LEAST,
    Math.min(
      most,
      (frame.width - 2 * margin) / Math.max(1, part.width),
      (frame.height - 2 * margin) / Math.max(1, part.height),
    ),
  );
  return {
    scale,
    x: part.x + part.width / 2 - frame.width / scale / 2,
    y: part.y + part.height / 2 - frame.height / scale / 2,
  };
}
