/** The command palette's commands: those of the whole app, those of the page that is shown, and what a search finds. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { IconName } from '../ui/icon.tsx';

export interface Command {
  id: string;
  title: string;
  /** Heads it in the palette. */
  group: string;
  icon?: IconName;
  /** Beside the title: what it is for. */
  about?: string;
  /** The keys that do the same. */
  keys?: string;
  run(): void;
}

const offered = signal<readonly (readonly Command[])[]>([]);

/** What pages offer now. */
export function offeredCommands(): Command[] {
  return offered.value.flat();
}

/** Offers commands while the calling component is shown. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const key = commands.map(({ id, title }) => `${id} ${title}`).join('\n');
  useEffect(() => {
    const mine = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }));
    offered.value = [...offered.peek(), mine];
    return () => {
      offered.value = offered.peek().filter((one) => one !== mine);
    };
  }, [key]);
}

/** How well a command fits what was typed: every word must be in it, beginnings of words count more; 0 is not at all. */
export function fit({ title, about = '', group }: Pick<Command, 'title' | 'about' | 'group'>, text: string) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const named = title.toLowerCase();
  const further = `${about} ${group}`.toLowerCase();
  let score = 1;
  for (const word of words) {
    if (named.startsWith(word)) score += 6;
    else if (` ${named}`.includes(` ${word}`)) score += 4;
    else if (named.includes(word)) score += 2;
    else if (further.includes(word)) score += 1;
    else return 0;
  }
  return score;
}
