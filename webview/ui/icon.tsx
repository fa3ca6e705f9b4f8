/** The icons, as paths on a 16 by 16 grid drawn with the colour of the text. */
const PATHS = {
  overview: 'M2.5 2.5h4.5v6h-4.5zM9 2.5h4.5v3.5h-4.5zM9 8.5h4.5v5h-4.5zM2.5 11h4.5v2.5h-4.5z',
  events: 'M2.5 4h1M6 4h7.5M2.5 8h1M6 8h7.5M2.5 12h1M6 12h7.5',
  report: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 8h5M5.5 11h5',
  models: 'M3 13.5v-4M8 13.5v-11M13 13.5v-7',
  ok: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM5.4 8.2l1.8 1.8 3.4-3.8',
  info: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 7.4v3.4M8 5.1v.2',
  warning: 'M8 2.2l6.2 11.1H1.8zM8 6.4v3.2M8 11.3v.2',
  error: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2',
  unknown:
    'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM6.3 6.4c.1-1 .8-1.6 1.8-1.6s1.7.6 1.7 1.5c0 1.3-1.8 1.3-1.8 2.6M8 11v.2',
  search: 'M11 7A4 4 0 1 1 3 7a4 4 0 0 1 8 0zM10 10l3.5 3.5',
  down: 'M4 6.5l4 4 4-4',
  right: 'M6.5 4l4 4-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  sun: 'M10.6 8a2.6 2.6 0 1 1-5.2 0 2.6 2.6 0 0 1 5.2 0zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8 5.6 5.6 0 1 0 13.2 9.6z',
  system: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  download: 'M8 2v8M4.8 7.2L8 10.4l3.2-3.2M2.5 13.5h11',
  print: 'M4.5 6V2h7v4M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4.5h-7z',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 3v10',
  chart: 'M2.5 2v11.5H14M5.5 10.5l2.5-3.5 2.2 2 3-4.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  train: 'M5 3.2v9.6l8-4.8z',
  live: 'M9.5 8a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0zM4.6 11.4a4.8 4.8 0 0 1 0-6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8',
  up: 'M8 13V3.5M4 7.5l4-4 4 4',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3',
  migrations:
    'M4.5 5.5v5M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 7.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 7.5c0 2.5-3 2.6-5 3.2',
  anomalies: 'M1.5 9.5h3l1.5-2 1.5 4 2-9 1.7 9 1-2h2.3',
  feedback: 'M2.5 3h11v8h-6l-3 2.5V11h-2zM5.5 6h5M5.5 8.5h3',
  schema: 'M2.5 2.5h4v3h-4zM9.5 6.5h4v3h-4zM9.5 11h4v3h-4zM4.5 5.5v7h5M4.5 8h5',
  governance: 'M8 1.8l5 2v4c0 3.2-2.1 5.3-5 6.4-2.9-1.1-5-3.2-5-6.4v-4zM5.8 8l1.6 1.6 2.9-3.2',
  settings:
    'M2 4.5h6M11 4.5h3M2 11.5h3M8 11.5h6M9.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM6.5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  contrast: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 2v12M8 5l4.8-.8M8 8h6M8 11l4.8.8',
  bell: 'M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.2H2.8zM6.8 13.8h2.4',
  clock: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.8V8l2.3 1.4',
  check: 'M3 8.5l3.3 3.3L13 4.8',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5l3-3M3 6.5l3 3',
  keyboard: 'M1.5 4h13v8h-13zM4 6.6h.1M6.6 6.6h.1M9.3 6.6h.1M12 6.6h.1M5 9.6h6',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  left: 'M9.5 4l-4 4 4 4',
  plus: 'M8 3v10M3 8h10',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.7v4M9.3 6.7v4',
  key: 'M7.5 8.5a3 3 0 1 1 0-3M7.2 7h7v2.4M11.5 7v1.8',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  stop: 'M4 4h8v8H4z',
  edit: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z',
  database:
    'M13 4c0 1.1-2.2 2-5 2s-5-.9-5-2 2.2-2 5-2 5 .9 5 2zM3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2',
} as const;

export type IconName = keyof typeof PATHS;

interface IconProps {
  name: IconName;
  class?: string;
}

/** A picture beside words that say the same; hidden from screen readers. */
export function Icon({ name, class: className = '' }: IconProps) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
