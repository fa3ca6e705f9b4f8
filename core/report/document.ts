/** A report before it has a format: titles, figures, tables, lists and charts, in order. */
export interface ReportDocument {
  title: string;
  /** Timeframe, scope, when it was made. */
  subtitle: string;
  sections: Section[];
}

export interface Section {
  title: string;
  blocks: Block[];
}

export type Block = Figures | Table | List | Chart | { text: string };

/** A number: `14 ms` for people, 14.2 and `ms` for programs. `unit` is empty for what is counted. */
export interface Amount {
  text: string;
  value: number;
  unit: string;
}

export type Cell = string | Amount;

/** The few numbers that matter most. */
export interface Figures {
  figures: { label: string; value: Cell; note?: string }[];
}

export interface Table {
  caption: string;
  head: { text: string; numeric?: boolean }[];
  rows: Cell[][];
}

export interface List {
  items: { text: string; note?: string; tone?: 'bad' | 'warn' }[];
}

/** Its numbers are also in a table, for whoever cannot see it. */
export interface Chart {
  chart: 'bars' | 'lines';
  title: string;
  /** Of the vertical axis, in words. */
  unit: string;
  /** Of its values, for programs: `ms`, `share`, empty for what is counted. */
  valueUnit: string;
  labels: string[];
  /** The moments that the labels stand for, in ISO 8601, where they are times. */
  times?: string[];
  series: ChartSeries[];
  /** How a value of it reads. */
  format: (value: number) => string;
  /** The axis counts in powers of ten. */
  logarithmic?: boolean;
}

export interface ChartSeries {
  name: string;
  tone: 'accent' | 'bad' | 'quiet';
  values: (number | undefined)[];
  dashed?: boolean;
}
