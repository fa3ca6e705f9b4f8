/** What part of a drawing is seen: dragged, zoomed by wheel, buttons and keys, fitted to all or to one thing in it. */
import { useEffect, useRef, useState } from 'preact/hooks';
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

export interface ViewBoxControl {
  box: ViewBox;
  /** Of the window in which it is seen, in pixels. */
  frame: { width: number; height: number };
  /** Goes on the element in which the drawing is seen. */
  ref: { current: HTMLDivElement | null };
  onPointerDown(event: PointerEvent): void;
  onKeyDown(event: KeyboardEvent): void;
  zoom(factor: number): void;
  /** Shows all of it, or this part. */
  fit(part?: Box): void;
}

/** `drawing` is the size of all there is. */
export function useViewBox(drawing: { width: number; height: number }): ViewBoxControl {
  const ref = useRef<HTMLDivElement>(null);
  const [frame, setFrame] = useState({ width: 800, height: 560 });
  const [box, setBox] = useState<ViewBox>();
  const whole = fitted({ x: 0, y: 0, ...drawing }, frame, 1);
  const seen = box ?? whole;

  useEffect(() => {
    const { current } = ref;
    if (!current) return undefined;
    const observer = new ResizeObserver(() =>
      setFrame({ width: current.clientWidth, height: current.clientHeight }),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  const zoomAt = (factor: number, px: number, py: number) =>
    setBox((before) => {
      const { x, y, scale } = before ?? whole;
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
      const { x, y, scale } = before ?? whole;
      return { scale, x: x + dx / scale, y: y + dy / scale };
    });
  const fit = (part?: Box) => setBox(part ? fitted(part, frame, 1) : undefined);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    let [px, py] = [event.clientX, event.clientY];
    const drag = (moved: PointerEvent) => {
      move(px - moved.clientX, py - moved.clientY);
      [px, py] = [moved.clientX, moved.clientY];
    };
    const end = () => {
      removeEventListener('pointermove', drag);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
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
  return { box: seen, frame, ref, onPointerDown, onKeyDown, zoom, fit };
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
