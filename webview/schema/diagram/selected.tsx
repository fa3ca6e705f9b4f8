import { Link } from '../../routing/link.tsx';
import { href } from '../../routing/router.ts';
import type { EntityGraph } from './references.ts';

interface SelectedProps {
  graph: EntityGraph;
  table: string;
  history: string;
  onShow: (table: string) => void;
}

/** What the selected table refers to and is referred to by, each a way there. */
export function Selected({ graph, table, history, onShow }: SelectedProps) {
  const names = (which: 'from' | 'to') => {
    const other = which === 'from' ? 'to' : 'from';
    return [...new Set(graph.references.filter((one) => one[which] === table).map((one) => one[other]))];
  };
  const labels = new Map(graph.entities.map(({ name, label }) => [name, label]));
  const list = (title: string, tables: readonly string[]) =>
    tables.length > 0 && (
      <p>
        {title}{' '}
        {tables.map((name, i) => (
          <span key={name}>
            <button type="button" class="link" onClick={() => onShow(name)}>
              {labels.get(name) ?? name}
            </button>
            {i < tables.length - 1 && ', '}
          </span>
        ))}
      </p>
    );
  return (
    <section class="er-selection" aria-label="Selected table">
      <p>
        <strong>{table}</strong>{' '}
        <Link to={href(['schema'], { view: 'tables', history, table })} class="in-text">
          Columns and history
        </Link>
      </p>
      {list('Refers to', names('from'))}
      {list('Referred to by', names('to'))}
    </section>
  );
}
