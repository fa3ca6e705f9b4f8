/** What a chart shows, apart from how it is drawn. */

/** Colours by what they mean; the style sheet gives each theme its own. */
export type ChartColour = 'accent' | 'second' | 'error' | 'ok' | 'quiet';

export interface Series {
  name: string;
  colour: ChartColour;
  /** One for each label; undefined where there is none. */
  values: readonly (number | undefined)[];
  dashed?: boolean;
  /** Only points, for what is marked on another series. */
  points?: boolean;
}

/** The range that was expected at each label, drawn behind the series. */
export interface Band {
  name: string;
  low: readonly (number | undefined)[];
  high: readonly (number | undefined)[];
}

export interface ScatterPoint {
  x: number;
  y: number;
  /** An interval of `y`, drawn as a whisker. */
  low?: number;
  high?: number;
  /** For the tooltip. */
  label: string;
}

export interface ScatterGroup {
  name: string;
  colour: ChartColour;
  points: readonly ScatterPoint[];
  /** Drawn as a line through the points, in the order given. */
  joined?: boolean;
  dashed?: boolean;
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
      /** Labels in full, for the tooltip. */
      names: readonly string[];
      series: readonly Series[];
      y: Axis;
      /** Lines only. */
      band?: Band;
      /** Bars only: beside each other instead of on top. */
      sideBySide?: boolean;
      /** Bars only: from the left, with the labels at the side. */
      horizontal?: boolean;
      /** What happens when a reader presses at a label. */
      onPress?: (index: number) => void;
    }
  | {
      kind: 'scatter';
      groups: readonly ScatterGroup[];
      x: Axis;
      y: Axis;
      /** A line from corner to corner: where predicted and actual are the same, unless it is named otherwise. */
      diagonal?: boolean | string;
      onPress?: (group: number, index: number) => void;
    };
