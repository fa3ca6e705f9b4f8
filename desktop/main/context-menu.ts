/** What a right click offers: the clipboard where there is something for it, and nothing else. */
import type { MenuItemConstructorOptions } from 'electron';

/** The part of what Electron says of the place that was clicked. */
export interface ClickedPlace {
  isEditable: boolean;
  selectionText: string;
  editFlags: { canCut: boolean; canCopy: boolean; canPaste: boolean; canSelectAll: boolean };
}

/** Empty where there is nothing to offer. */
export function contextMenu({
  isEditable,
  selectionText,
  editFlags,
}: ClickedPlace): MenuItemConstructorOptions[] {
  const copy: MenuItemConstructorOptions = { role: 'copy', enabled: editFlags.canCopy };
  if (!isEditable) return selectionText.trim() === '' ? [] : [copy];
  return [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    copy,
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}
