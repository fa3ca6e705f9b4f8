/** A running engine, and its server, for one test. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import { serve } from '../../core/node/cli/dashboard.ts';
import type { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import { cleanup, type TestScope, temporaryDataFolder } from './temp.ts';

export interface TestEngine {
  folder: DataFolder;
  session: Session;
  client: TelemetryClient;
}

/** Ends with the test. */
export async function startEngine(
  scope: TestScope,
  folder = temporaryDataFolder(scope),
): Promise<TestEngine> {
  const session = await Session.open(folder);
  cleanup(scope, () => session.close('test finished'));
  return { folder, session, client: session.client() };
}

export interface TestServer extends TestEngine {
  /** Address with the sign-in code, for a browser. */
  url: string;
  /** `http://127.0.0.1:port` */
  base: string;
  token: string;
  /** Calls the API with the token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Engine, API and built pages on a free port. The pages are those in `dist/webview`. */
export async function startServer(scope: TestScope, folder?: DataFolder): Promise<TestServer> {
  const engine = await startEngine(scope, folder);
  const { url, base, close } = await serve(engine.session, 0);
  cleanup(scope, close);
  const token = engine.folder.token();
  return {
    ...engine,
    url,
    base,
    token,
    fetch: (path, init = {}) =>
      fetch(base + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
  };
}
