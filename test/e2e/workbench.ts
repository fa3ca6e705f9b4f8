/** The editor's window, used as a person uses it: by keyboard, by what stands on the screen. */
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The editor's own scheme, and the extension's name. */
const LINK_BASE = 'code-oss://aibos.aibos-telemetry/';

const TRIES = 4;
const PATIENCE_MS = 15_000;

export class Workbench {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** The window that a page shows, once it is drawn. */
  static async in(page: Page): Promise<Workbench> {
    page.setDefaultTimeout(60_000);
    const workbench = new Workbench(page);
    await workbench.#drawn();
    return workbench;
  }

  /** The extension's status item, once it says this. */
  async status(text: string | RegExp): Promise<void> {
    await this.page.locator('.statusbar-item', { hasText: text }).waitFor();
  }

  /** The tooltip of the status item. */
  async tooltip(): Promise<string> {
    await this.page.locator('.statusbar-item', { hasText: 'AI-BOS' }).hover();
    const hover = this.page.locator('.monaco-hover', { hasText: 'AI-BOS Telemetry' });
    await hover.waitFor();
    const text = (await hover.textContent()) ?? '';
    await this.page.mouse.move(640, 300);
    await hover.waitFor({ state: 'hidden' });
    return text;
  }

  /** Runs a command of the palette by its title. */
  async command(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  /** Titles that the palette offers for some words. */
  async offered(words: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.#quickInput().fill(`>${words}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await rows.filter({ hasText: words }).first().waitFor();
    const titles = await rows.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles.filter((title) => title.includes(words));
  }

  async openFile(name: string): Promise<void> {
    await this.#choose('Control+P', name, name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.monaco-editor.focused').first().waitFor();
  }

  /** Types at the end of the open file, and saves it. */
  async append(text: string): Promise<void> {
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
    await this.page.locator('.tab.active.dirty').waitFor();
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** Places the cursor in the open file, from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.#quickInput().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.atColumn(column, line);
    await this.page.locator('.monaco-editor.focused').first().waitFor();
  }

  /** Until the cursor stands there, as the status bar says. */
  async atColumn(column: number, line?: number): Promise<void> {
    const place = new RegExp(`Ln ${line ?? '\\d+'}, Col ${column}\\b`);
    await this.page.locator('.statusbar-item', { hasText: place }).waitFor();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text });
  }

  /** Opens the list of notifications, where those are that nobody looked at in time. */
  async showNotifications(): Promise<void> {
    await this.command('Notifications: Show Notifications');
  }

  /** Goes to a button of the latest notification with the Tab key, and presses it. */
  async answer(button: string): Promise<void> {
    await this.showNotifications();
    await this.page.locator('.notifications-center .monaco-list:focus').waitFor();
    const focused = () => this.page.evaluate(() => document.activeElement?.textContent);
    for (let steps = 0; steps < 5 && (await focused()) !== button; steps++)
      await this.page.keyboard.press('Tab');
    await this.page.keyboard.press('Enter');
  }

  /** Opens a terminal, and waits for the shell to be ready and its integration to be on. */
  async openTerminal(): Promise<void> {
    await this.command('Terminal: Create New Terminal');
    await this.page.locator('.terminal-wrapper.active .xterm-helper-textarea').waitFor({ state: 'attached' });
    await this.page
      .locator('.terminal-wrapper.active .terminal-command-decoration')
      .first()
      .waitFor({ state: 'attached' });
  }

  /** Types a command into the terminal, and runs it. */
  async run(line: string): Promise<void> {
    await this.page.locator('.terminal-wrapper.active .xterm-screen').first().click();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** Runs a task of the folder by its label. */
  async runTask(label: string): Promise<void> {
    await this.#choose('Control+P', `task ${label}`, label);
  }

  /** Opens the extension's container in the activity bar. */
  async openViews(): Promise<void> {
    await this.command('AI-BOS: Show Alerts');
    await this.page.locator('.pane-header', { hasText: 'Schema Timeline' }).waitFor();
  }

  /** A row of one of the views. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.pane-body .monaco-list-row', { hasText: text });
  }

  /** Presses a button that stands in a row. */
  async pressInRow(text: string | RegExp, button: string): Promise<void> {
    const row = this.row(text).first();
    await row.hover();
    await row.locator(`.actions .action-label[aria-label*="${button}"]`).click();
  }

  /** Chooses in the quick input by words of the label. */
  async pick(words: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first().click();
  }

  /** Writes into the quick input and goes on. @param prompt words of the placeholder, so that no earlier step is meant */
  async answerWith(text: string, prompt = ''): Promise<void> {
    const input = this.page.locator(`.quick-input-widget input[placeholder*="${prompt}"]`);
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Unfolds one of the views where it is folded. */
  async unfold(view: string): Promise<void> {
    const header = this.page.locator('.pane-header', { hasText: view });
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    await this.page.locator('.pane-header[aria-expanded="true"]', { hasText: view }).waitFor();
  }

  /** The page inside the dashboard's tab. */
  get dashboard(): FrameLocator {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  }

  /** How long the extension took to activate, in ms, as the editor itself measured it. */
  async activationMs(): Promise<number> {
    await this.command('Developer: Show Running Extensions');
    const row = this.page.locator('.extension', { hasText: 'AI-BOS Telemetry' });
    await this.page.locator('.runtime-extensions-editor, .extension').first().waitFor();
    for (let i = 0; i < 20 && (await row.count()) === 0; i++) await this.page.mouse.wheel(0, 200);
    return Number(/Activation: (\d+)\s*ms/.exec((await row.textContent()) ?? '')?.[1]);
  }

  /** Follows a link of the extension as if another program had opened it. @param path `kind/id` */
  async openLink(path: string): Promise<void> {
    await this.command('Developer: Open URL');
    await this.#quickInput().fill(`${LINK_BASE}${path}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Open' }).click();
  }

  /** As the editor's own command does it: the state is kept first, which a browser's reload may cut short. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await loaded;
    await this.#drawn();
  }

  /** Goes to the status item by keyboard, and presses it. */
  async pressStatus(): Promise<void> {
    await this.command('View: Focus Status Bar');
    const focused = () => this.page.evaluate(() => document.activeElement?.ariaLabel ?? '');
    for (let steps = 0; steps < 20 && !(await focused()).startsWith('AI-BOS'); steps++)
      await this.page.keyboard.press('ArrowRight');
    await this.page.keyboard.press('Enter');
  }

  /** Goes to a link of the dashboard with the Tab key, and follows it. */
  async followLink(name: string): Promise<void> {
    const link = this.dashboard.getByRole('link', { name, exact: true });
    await link.waitFor();
    const focused = () => link.evaluate((element) => element === element.ownerDocument.activeElement);
    for (let steps = 0; steps < 20 && !(await focused()); steps++) await this.page.keyboard.press('Tab');
    await this.page.keyboard.press('Enter');
  }

  /**
   * Opens the quick input, writes into it, and takes the row that has the focus. What gets the focus late, such as the editor
   * behind a list that closes, closes the quick input; then it is opened again.
   */
  async #choose(keys: string, words: string, title: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press(keys);
      try {
        await this.#quickInput().fill(words, { timeout: PATIENCE_MS });
        await row.waitFor({ timeout: PATIENCE_MS });
        break;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
    }
    await this.page.keyboard.press('Enter');
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type="text"]');
  }

  async #drawn(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
    await this.page.locator('.explorer-viewlet').waitFor();
  }
}
