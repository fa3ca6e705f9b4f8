import { signal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { Caps } from '../shortcuts/caps.tsx';
import { useClient } from '../state/host.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import './palette.css';
import { type Command, fit, offeredCommands } from './registry.ts';
import { found } from './search.ts';

export const paletteOpen = signal(false);

/** Keystrokes are gathered for this long before the engine is asked. */
const TYPING_MS = 150;
const MOST = 40;

/** Goes anywhere and does anything by a few letters: pages, migrations, events by id, actions. */
export function Palette() {
  return paletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const client = useClient();
  const [text, setText] = useState('');
  const [answers, setAnswers] = useState<readonly Command[]>([]);
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const commands = offeredCommands();

  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await found(client, text);
      if (current) setAnswers(answer);
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, text]);
  const shown = useMemo(() => {
    const fitting = commands
      .map((command) => ({ command, score: fit(command, text) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command);
    return grouped([...fitting, ...answers].slice(0, MOST));
  }, [commands.length, text, answers]);
  const flat = shown.flatMap(([, members]) => members);
  const active = flat[Math.min(at, flat.length - 1)];

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    paletteOpen.value = false;
    // After the dialog has given the focus back, so that the page that comes can take it.
    queueMicrotask(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = flat.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, target));
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      run(active);
    }
  };
  const optionId = (command: Command) => `${id}-${flat.indexOf(command)}`;

  return (
    <Dialog title="Commands" bare class="palette" onClose={() => (paletteOpen.value = false)}>
      <div class="palette-input">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Search for pages, migrations, events and actions"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={active ? optionId(active) : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder="Pages, migrations, an event’s id, actions"
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div class="palette-list" id={`${id}-list`} role="listbox" aria-label="Commands" ref={list}>
        {shown.map(([group, members]) => (
          // biome-ignore lint/a11y/useSemanticElements: options of a listbox are grouped so
          <div role="group" aria-label={group} key={group}>
            <p class="palette-group" aria-hidden="true">
              {group}
            </p>
            {members.map((command) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
              <div
                key={command.id}
                id={optionId(command)}
                role="option"
                aria-selected={command === active}
                class="palette-option"
                onPointerMove={() => setAt(flat.indexOf(command))}
                onClick={() => run(command)}
              >
                <Icon name={command.icon ?? 'right'} />
                <span class="palette-title">{command.title}</span>
                <span class="palette-about">{command.about}</span>
                {command.keys && <Caps keys={command.keys} />}
              </div>
            ))}
          </div>
        ))}
      </div>
      {flat.length === 0 && <p class="palette-none">Nothing is called that.</p>}
      <p class="visually-hidden" role="status">
        {flat.length} found
      </p>
    </Dialog>
  );
}

/** In order of the best of each group. */
function grouped(commands: readonly Command[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}
