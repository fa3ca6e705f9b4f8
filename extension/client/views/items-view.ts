/** A view of the activity bar: items from what is known, drawn again when that changes. */
import * as vscode from 'vscode';
import type { ViewId } from '../../contributions/views.ts';
import { DisposableStore } from '../disposables.ts';
import type { Part, TelemetryStore } from '../telemetry-store.ts';

/** An item, with those below it. Whatever else it carries, the commands of its menu are given. */
export interface Item {
  /** Stays the same while the item does, so that what is selected and unfolded stays so. */
  id: string;
  label: string;
  description?: string;
  tooltip?: readonly string[];
  icon: vscode.ThemeIcon;
  /** For `viewItem` of the menus. */
  kind: string;
  command?: vscode.Command;
  children?: readonly Item[];
  /** Read by screen readers instead of label and description. */
  spoken?: string;
}

export class ItemsView<T extends Item> extends DisposableStore implements vscode.TreeDataProvider<Item> {
  readonly #items: () => readonly T[];
  readonly #changed = this.add(new vscode.EventEmitter<void>());
  readonly view: vscode.TreeView<Item>;

  readonly onDidChangeTreeData = this.#changed.event;

  /** @param badge of the container, where there is one to show */
  constructor(
    id: ViewId,
    part: Part,
    store: TelemetryStore,
    items: () => readonly T[],
    badge?: () => vscode.ViewBadge | undefined,
  ) {
    super(id);
    this.#items = items;
    this.view = this.add(
      vscode.window.createTreeView<Item>(id, { treeDataProvider: this, showCollapseAll: false }),
    );
    this.add(
      store.onChange((changed) => {
        if (changed !== part) return;
        this.#changed.fire();
        if (badge) this.view.badge = badge();
      }),
    );
  }

  getChildren(parent?: Item): Item[] {
    return [...(parent ? (parent.children ?? []) : this.#items())];
  }

  getTreeItem(item: Item): vscode.TreeItem {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const tree = new vscode.TreeItem(item.label, item.children ? Collapsed : None);
    tree.id = item.id;
    tree.iconPath = item.icon;
    tree.contextValue = item.kind;
    if (item.description !== undefined) tree.description = item.description;
    if (item.tooltip) tree.tooltip = item.tooltip.join('\n');
    if (item.command) tree.command = item.command;
    if (item.spoken !== undefined) tree.accessibilityInformation = { label: item.spoken };
    return tree;
  }
}
