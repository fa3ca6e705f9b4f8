import { useRef, useState } from 'preact/hooks';
import { change, route } from '../../routing/router.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty } from '../../ui/states.tsx';
import type { EntityGraph } from './references.ts';

interface TableListProps {
  graph: EntityGraph;
  selected: string | undefined;
  onShow: (table: string) => void;
}

/** The tables by name, beside the drawing: one stop for Tab, arrow keys, Home and End within. */
export function TableList({ graph, selected, onShow }: TableListProps) {
  const { q = '' } = route.value.query;
  const list = useRef<HTMLUListElement>(null);
  const [reached, setReached] = useState<string>();
  const wanted = q.toLowerCase();
  const found = graph.entities
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => a.label.localeCompare(b.label));
  const indexOf = (table: string | undefined) => found.findIndex(({ name }) => name === table);
  const active = Math.max(0, indexOf(reached) >= 0 ? indexOf(reached) : indexOf(selected));
  const move = (event: KeyboardEvent) => {
    const targets: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      Home: 0,
      End: found.length - 1,
    };
    const target = targets[event.key];
    const table = target === undefined ? undefined : found[target];
    if (target === undefined || !table) return;
    event.preventDefault();
    event.stopPropagation();
    setReached(table.name);
    list.current?.querySelectorAll('button')[target]?.focus();
  };
  return (
    <div class="er-side">
      <SearchField
        label="Search tables"
        placeholder="Table"
        value={q}
        onSearch={(text) => change({ q: text || undefined }, true)}
      />
      {found.length === 0 ? (
        <Empty title="No table fits" />
      ) : (
        <ul class="plain-list er-list" aria-label="Tables" ref={list}>
          {found.map(({ name, label }, i) => (
            <li key={name}>
              <button
                type="button"
                class="queue-row"
                aria-current={name === selected ? 'true' : undefined}
                tabIndex={i === active ? 0 : -1}
                onKeyDown={move}
                onFocus={() => setReached(name)}
                onClick={() => onShow(name)}
              >
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
