/** What a chart shows, apart from how it is drawn. */

/** Colours by what they mean; the style sheet gives each theme its own. */
export type ChartColour = 'accent' | 'second' | 'error' | 'quiet';

export interface Series {
  name: string;
  colour: ChartColour;
  /** One for each label; undefined where there is none. */
  values: readonly (number | undefined)[];
  dashed?: boolean;
}

export interface ScatterPoint {
  x: number;
  y: number;
  /** For the tooltip. */
  label: string;
}

export interface ScatterGroup {
  name: string;
  colour: ChartColour;
  points: readonly ScatterPoint[];
  /** Drawn as a line through the points, in the order given. */
  joined?: boolean;
}

export interface Axis {
  title: string;
  log?: boolean;
  /** Only whole numbers make sense. */
  whole?: boolean;
  min?: number;
  max?: number;
  format: (value: number) => string;
}

export type ChartSpec =
  | {
      kind: 'bars' | 'lines';
      labels: readonly string[];
      names: readonly string[];
      series: readonly Series[];
      y: Axis;
    }
  | {
      kind: 'scatter';
      groups: readonly ScatterGroup[];
      x: Axis;
      y: Axis;
      /** A line from corner to corner: where predicted and actual are the same, unless it is named otherwise. */
      diagonal?: boolean | string;
    };
