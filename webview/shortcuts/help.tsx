import { signal } from '@preact/signals';
import { Dialog } from '../ui/dialog.tsx';
import { Caps } from './caps.tsx';
import { chooseSingleKeys, shortcutSections, singleKeys } from './registry.ts';
import './shortcuts.css';

export const helpOpen = signal(false);

/** Every key that does something on this page. */
export function ShortcutHelp() {
  if (!helpOpen.value) return null;
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => (helpOpen.value = false)}>
      <div class="shortcut-sections">
        {shortcutSections.value.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl class="shortcut-list">
              {shortcuts.map(({ keys, title: what }) => (
                <div key={keys}>
                  <dt>{what}</dt>
                  <dd>
                    <Caps keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={({ currentTarget }) => chooseSingleKeys(currentTarget.checked)}
        />
        Single letters are shortcuts
      </label>
    </Dialog>
  );
}
