/** Where the window was, and whether that place still exists. */

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** As saved: where the window is when it is not maximised. Without a place the system chooses one. */
export interface WindowState {
  x?: number;
  y?: number;
  width: number;
  height: number;
  maximized: boolean;
}

export const MINIMUM_SIZE = { width: 640, height: 480 } as const;
const FIRST: WindowState = { width: 1280, height: 860, maximized: false };
/** This much of the title bar must be on a screen, or nobody could grab it. */
const GRAB = { width: 120, height: 32 };

/** Reads what was saved; anything that is not a window state is the first-time state. */
export function readWindowState(saved: unknown): WindowState {
  if (typeof saved !== 'object' || saved === null) return FIRST;
  const { x, y, width, height, maximized } = saved as Record<string, unknown>;
  if (!isLength(width) || !isLength(height)) return FIRST;
  const state: WindowState = { width, height, maximized: maximized === true };
  return isPlace(x) && isPlace(y) ? { ...state, x, y } : state;
}

/**
 * The state fitted to the screens that are there now: no larger than its screen, and without its place where the title
 * bar would be out of reach. `screens` are work areas, the first one is where a window without a place goes.
 */
export function fitToScreens(state: WindowState, screens: readonly Bounds[]): WindowState {
  const { x, y, ...rest } = state;
  const at =
    x === undefined || y === undefined
      ? undefined
      : screens.find((screen) => canGrab(screen, x, y, state.width));
  const screen = at ?? screens[0];
  const size = {
    width: Math.max(MINIMUM_SIZE.width, Math.min(state.width, screen?.width ?? state.width)),
    height: Math.max(MINIMUM_SIZE.height, Math.min(state.height, screen?.height ?? state.height)),
  };
  return at && x !== undefined && y !== undefined ? { ...rest, ...size, x, y } : { ...rest, ...size };
}

/** Whether enough of a title bar that begins at `x`, `y` lies on the screen. */
function canGrab(screen: Bounds, x: number, y: number, width: number): boolean {
  const visible = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  const top = y >= screen.y && y + GRAB.height <= screen.y + screen.height;
  return top && visible >= GRAB.width;
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 20_000;
}

function isPlace(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= 100_000;
}
