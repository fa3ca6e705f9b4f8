/** What the pages need of wherever they run. One implementation for each: browser, VS Code, desktop app. */
import type { ReadonlySignal } from '@preact/signals';
import type { PageTheme } from '../../core/contract/bridge.ts';
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { Address } from '../routing/address.ts';

/** A file that a page made for the reader. */
export interface PageFile {
  name: string;
  mediaType: string;
  text: string;
  /** `text` holds bytes written this way, for example of a PDF. */
  encoding?: 'base64';
}

export interface SourcePlace {
  workspace: string;
  file: string;
  line?: number;
}

/** What the host wants the theme to be; a new object each time that it says so. */
export interface HostTheme {
  theme: PageTheme;
  /** The reader chose it there just now, so it counts more than what was chosen in the page before. */
  chosen: boolean;
}

export interface Host {
  readonly name: 'browser' | 'vscode' | 'desktop';
  readonly client: TelemetryClient;
  readonly address: Address;
  /** Whether the engine answers, as far as is known. */
  readonly connected: ReadonlySignal<boolean>;
  /** False where the reader must sign in first; only in a browser. */
  readonly signedIn: ReadonlySignal<boolean>;
  readonly theme: ReadonlySignal<HostTheme | undefined>;
  /** Rejects with `unauthenticated` for a wrong code or token. */
  signIn(codeOrToken: string): Promise<void>;
  save(file: PageFile): void;
  /** Shows a recorded place in an editor; undefined where there is none. */
  readonly open: ReadonlySignal<((place: SourcePlace) => void) | undefined>;
}
