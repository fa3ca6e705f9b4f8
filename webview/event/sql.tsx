import { CopyButton } from '../ui/copy-button.tsx';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { placeIn } from './place.ts';
import { asDatabaseError } from './problem.tsx';

interface SqlProps {
  title?: string;
  sql: string;
  /** Line in its file on which the text begins. */
  firstLine: number;
  /** The error of the statement; its line is marked. */
  error?: unknown;
}

/** SQL as it was written, with the line numbers of its file and the place of the error. */
export function Sql({ title = 'SQL', sql, firstLine, error }: SqlProps) {
  const { line: errorLine, column, message } = error === undefined ? {} : asDatabaseError(error);
  return (
    <section class="panel-part" aria-label={title}>
      <div class="part-head">
        <h3>{title}</h3>
        <CopyButton text={sql} label="Copy" />
      </div>
      <ScrollBox class="sql" label={title}>
        <pre>
          <code>
            {sql.split('\n').map((text, i) => {
              const line = firstLine + i;
              const wrong = line === errorLine;
              const place = wrong ? placeIn(text, column, message) : undefined;
              return (
                <span class={`sql-line ${wrong ? 'sql-wrong' : ''}`} key={line}>
                  <span class="sql-number">{line}</span>
                  <span class="sql-text">
                    {wrong && <span class="visually-hidden">Error here: </span>}
                    {text.slice(0, place?.from)}
                    {place && <mark>{text.slice(place.from, place.to)}</mark>}
                    {place && text.slice(place.to)}
                    {'\n'}
                  </span>
                </span>
              );
            })}
          </code>
        </pre>
      </ScrollBox>
    </section>
  );
}
