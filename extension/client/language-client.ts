/** The language client; loaded after the extension is activated, because it is the larger part of the bundle. */
import type { LogOutputChannel } from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import { PREDICTION_COMMANDS, type ServerOptions } from '../protocol.ts';

export interface LanguageClientParts {
  /** Path of the bundled server. */
  module: string;
  log: LogOutputChannel;
  /** Asked before each start. */
  serverOptions: () => ServerOptions;
  /** The server's process ended. Resolves with whether to start it again, when the time has come. */
  onCrash: () => Promise<boolean>;
}

export function makeLanguageClient({ module, log, serverOptions, onCrash }: LanguageClientParts) {
  const server = { module, transport: TransportKind.ipc };
  return new LanguageClient('aibos', 'AI-BOS Telemetry', server, {
    documentSelector: [
      { scheme: 'file', pattern: '**/*.sql' },
      { scheme: 'untitled', language: 'sql' },
      // Migrations of Knex, TypeORM, Sequelize, Kysely and Rails, and the schema of Prisma.
      { scheme: 'file', pattern: '**/*migrat*/**/*.{js,ts,cjs,mjs,cts,mts,rb}' },
      { scheme: 'file', pattern: '**/*.prisma' },
    ],
    // Links in a hover answer a prediction; nothing else may be run from one.
    markdown: { isTrusted: { enabledCommands: Object.values(PREDICTION_COMMANDS) }, supportThemeIcons: true },
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // The text at the opening is the baseline of what is recorded, so it must be sent at the opening.
    textSynchronization: { delayOpenNotifications: false },
    initializationOptions: serverOptions,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: (_error, _message, count) => ({
        action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
        handled: true,
      }),
      closed: async (): Promise<CloseHandlerResult> => ({
        action: (await onCrash()) ? CloseAction.Restart : CloseAction.DoNotRestart,
        handled: true,
      }),
    },
  });
}
