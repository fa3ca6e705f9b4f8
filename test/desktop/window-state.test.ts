import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Bounds,
  fitToScreens,
  readWindowState,
  type WindowState,
} from '../../desktop/main/window-state.ts';

const LAPTOP: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const RIGHT: Bounds = { x: 1440, y: 0, width: 2560, height: 1400 };
const FIRST: WindowState = { width: 1280, height: 860, maximized: false };

function checkRead(name: string, saved: unknown, expected: WindowState) {
  test(`reads ${name}`, () => assert.deepEqual(readWindowState(saved), expected));
}

const saved = { x: 10, y: 40, width: 900, height: 700, maximized: true };
checkRead('what was saved', saved, saved);
checkRead(
  'a size without a place',
  { width: 900, height: 700 },
  { width: 900, height: 700, maximized: false },
);
checkRead('nothing', undefined, FIRST);
checkRead('a list', [], FIRST);
checkRead('text where numbers belong', { ...saved, width: '900' }, FIRST);
checkRead('a size no window has', { ...saved, height: 0 }, FIRST);
checkRead('numbers that are none', { ...saved, width: Number.NaN }, FIRST);
checkRead('a place outside of any desk', { ...saved, x: 1e9 }, { width: 900, height: 700, maximized: true });

function checkFit(name: string, state: WindowState, screens: Bounds[], expected: WindowState) {
  test(`fits ${name}`, () => assert.deepEqual(fitToScreens(state, screens), expected));
}

const small = { width: 900, height: 700, maximized: false };
checkFit('a window that is on its screen', { ...small, x: 100, y: 50 }, [LAPTOP], {
  ...small,
  x: 100,
  y: 50,
});
checkFit('one on the second screen', { ...small, x: 2000, y: 0 }, [LAPTOP, RIGHT], {
  ...small,
  x: 2000,
  y: 0,
});
checkFit('one whose screen is gone', { ...small, x: 2000, y: 0 }, [LAPTOP], small);
checkFit('one with its title bar above the screen', { ...small, x: 100, y: -300 }, [LAPTOP], small);
checkFit('one with its title bar below the screen', { ...small, x: 100, y: 890 }, [LAPTOP], small);
checkFit('one that is half off to the left', { ...small, x: -500, y: 50 }, [LAPTOP], {
  ...small,
  x: -500,
  y: 50,
});
checkFit('one that is nearly all off to the left', { ...small, x: -850, y: 50 }, [LAPTOP], small);
checkFit('one without a place', small, [LAPTOP], small);
checkFit(
  'a maximised one that is larger than the screen',
  { width: 2400, height: 1300, maximized: true },
  [LAPTOP],
  { width: 1440, height: 875, maximized: true },
);
checkFit('one smaller than the least', { ...small, width: 200, height: 100 }, [LAPTOP], {
  width: 640,
  height: 480,
  maximized: false,
});
checkFit('where no screen is known', { ...small, x: 5, y: 5 }, [], small);
