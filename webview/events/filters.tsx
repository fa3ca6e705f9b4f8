import { useState } from 'preact/hooks';
import { EVENT_TYPES, type EventStatus } from '../../core/contract/event.ts';
import { EVENT_TYPE_NAMES, STATUS_NAMES } from '../format/names.ts';
import { dateTime } from '../format/time.ts';
import { change, route } from '../routing/router.ts';
import { sources } from '../state/known-names.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { DEFAULT_TYPES, STATUSES, statusesOf, typesOf, typesQuery } from './filter.ts';

interface FiltersProps {
  live: boolean;
  onLive: (live: boolean) => void;
}

/** Chooses which events are listed. All of it stands in the address. */
export function Filters({ live, onLive }: FiltersProps) {
  const { query } = route.value;
  const { source, operation, correlation, from, to } = query;
  const names = !source || sources.value.includes(source) ? sources.value : [source, ...sources.value];
  return (
    <search class="filters" aria-label="Filter events">
      <TextFilter />
      <TypeFilter />
      <StatusFilter />
      <label class="select">
        <span class="visually-hidden">Source</span>
        <select
          value={source ?? ''}
          onChange={({ currentTarget }) => change({ source: currentTarget.value || undefined })}
        >
          <option value="">All sources</option>
          {names.map((name) => (
            <option value={name} key={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {operation && (
        <Chip name="Operation" value={operation} clear={() => change({ operation: undefined })} />
      )}
      {correlation && (
        <Chip
          name="Correlation"
          value={correlation.slice(-12)}
          clear={() => change({ correlation: undefined })}
        />
      )}
      {(from || to) && (
        <Chip
          name="Time"
          value={`${from ? dateTime(from).slice(0, 16) : 'the beginning'} to ${to ? dateTime(to).slice(0, 16) : 'now'}`}
          clear={() => change({ from: undefined, to: undefined, at: undefined })}
        />
      )}
      <GoToTime />
      <button type="button" class="button live" aria-pressed={live} onClick={() => onLive(!live)}>
        <Icon name="live" /> Live
      </button>
    </search>
  );
}

function TextFilter() {
  return (
    <SearchField
      label="Text anywhere in the event"
      placeholder="Search in events"
      value={route.value.query.text ?? ''}
      onSearch={(text) => change({ text: text || undefined }, true)}
    />
  );
}

function TypeFilter() {
  const types = typesOf(route.value.query);
  const [only] = types;
  const label =
    types.length === EVENT_TYPES.length
      ? 'All types'
      : typesQuery(types) === undefined
        ? 'Usual types'
        : types.length === 1 && only
          ? EVENT_TYPE_NAMES[only]
          : `${types.length} types`;
  const choose = (next: readonly (typeof EVENT_TYPES)[number][]) => change({ type: typesQuery(next) });
  return (
    <Menu name="Types" label={label}>
      <fieldset class="choices">
        <legend class="visually-hidden">Types of events</legend>
        {EVENT_TYPES.map((type) => (
          <label key={type}>
            <input
              type="checkbox"
              checked={types.includes(type)}
              onChange={({ currentTarget }) =>
                choose(
                  EVENT_TYPES.filter((name) =>
                    name === type ? currentTarget.checked : types.includes(name),
                  ),
                )
              }
            />
            {EVENT_TYPE_NAMES[type]}
          </label>
        ))}
      </fieldset>
      <div class="menu-buttons">
        <button type="button" class="button quiet small" onClick={() => choose(EVENT_TYPES)}>
          All
        </button>
        <button type="button" class="button quiet small" onClick={() => choose(DEFAULT_TYPES)}>
          Usual
        </button>
        <button type="button" class="button quiet small" onClick={() => choose(['migration_execution'])}>
          Migrations
        </button>
      </div>
    </Menu>
  );
}

function StatusFilter() {
  const statuses = statusesOf(route.value.query);
  const toggle = (status: EventStatus) => {
    const next = STATUSES.filter((name) => statuses.includes(name) !== (name === status));
    change({ status: next.length === STATUSES.length ? undefined : next.join(',') || undefined });
  };
  return (
    <fieldset class="toggles">
      <legend class="visually-hidden">Status</legend>
      {STATUSES.map((status) => (
        <button
          type="button"
          key={status}
          class="toggle"
          title={STATUS_NAMES[status]}
          aria-pressed={statuses.includes(status)}
          onClick={() => toggle(status)}
        >
          <span class={`mark tone-${status}`}>
            <Icon name={status} />
          </span>
          <span class="toggle-text">{STATUS_NAMES[status]}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** Begins the list at a time; the events before and after it are a scroll away. */
function GoToTime() {
  const { at } = route.value.query;
  const [time, setTime] = useState('');
  return (
    <Menu name="Go to a time" label={<Icon name="clock" />}>
      <form
        class="go-to-time"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          const parsed = Date.parse(`${time}Z`);
          if (!Number.isNaN(parsed)) change({ at: new Date(parsed).toISOString() });
        }}
      >
        <label>
          Go to (UTC)
          <input
            type="datetime-local"
            step={1}
            value={time || (at ?? new Date().toISOString()).slice(0, 19)}
            onInput={({ currentTarget }) => setTime(currentTarget.value)}
          />
        </label>
        <button type="submit" class="button">
          Go
        </button>
      </form>
    </Menu>
  );
}

function Chip({ name, value, clear }: { name: string; value: string; clear: () => void }) {
  return (
    <span class="chip">
      <span class="chip-name">{name}</span> {value}
      <button type="button" class="chip-clear" onClick={clear} aria-label={`Remove the filter ${name}`}>
        <Icon name="close" />
      </button>
    </span>
  );
}
