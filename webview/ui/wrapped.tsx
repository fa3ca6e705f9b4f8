/** After a sign that joins words, and before a capital within one. */
const BREAKS = /(?<=[_/.:-])(?=[^_/.:-])|(?<=[a-z])(?=[A-Z])/;

interface WrappedProps {
  /** Of a migration, a file or a table. */
  name: string;
}

/** A name that may be long: where it does not fit in a line, it goes on behind a sign, not in the middle of a word. */
export function Wrapped({ name }: WrappedProps) {
  return <>{name.split(BREAKS).flatMap((part, i) => (i === 0 ? [part] : [<wbr key={i} />, part]))}</>;
}
