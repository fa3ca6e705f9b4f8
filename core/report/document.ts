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

/** The few numbers that matter most. */
export interface Figures {
  figures: { label: string; value: string; note?: string }[];
}

export interface Table {
  caption: string;
  head: { text: string; numeric?: boolean }[];
  rows: string[][];
}

export interface List {
  items: { text: string; note?: string; tone?: 'bad' | 'warn' }[];
}

/** Its numbers are also in a table, for whoever cannot see it. */
export interface Chart {
  chart: 'bars' | 'lines' | 'diagonal';
  title: string;
  /** Of the vertical axis. */
  unit: string;
  labels: string[];
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
