/**
 * The whole way of a message without Electron: the pages' own client, the bridge, a channel, the check of the sender, the
 * link, the relay, the supervisor, and an engine host. Only the two channels of Electron are replaced, by Node's.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { HostMessage } from '../../../core/contract/bridge.ts';
import { EngineRelay } from '../../../desktop/main/engine-relay.ts';
import {
  afterDelay,
  type Delay,
  EngineSupervisor,
  type HostProcess,
} from '../../../desktop/main/engine-supervisor.ts';
import { PageLink } from '../../../desktop/main/page-link.ts';
import { receivePageMessages } from '../../../desktop/main/page-receiver.ts';
import { makeBridge } from '../../../desktop/preload/bridge.ts';
import { ChannelClient } from '../../../webview/hosts/channel.ts';
import { cleanup, type TestScope } from '../../support/temp.ts';

export interface MainSide {
  supervisor: EngineSupervisor;
  link: PageLink;
  log: string[];
}

/** What runs in the main process, with `send` as the way to the page; started, and stopped with the test. */
export function startMainSide(
  scope: TestScope,
  start: () => HostProcess,
  send: (message: HostMessage) => void,
  grace: Delay = afterDelay,
): MainSide {
  const log: string[] = [];
  const supervisor = new EngineSupervisor({ start, log: (line) => log.push(line) });
  const link = new PageLink({
    relay: new EngineRelay(supervisor),
    supervisor,
    send,
    begun: () => undefined,
    theme: () => 'system',
    route: () => undefined,
    keepRoute: () => undefined,
    saveFile: () => undefined,
    after: grace,
  });
  supervisor.start();
  cleanup(scope, () => supervisor.stop('test finished'));
  return { supervisor, link, log };
}

export interface Wired extends MainSide {
  client: ChannelClient;
  /** What came to the page, in order. */
  received: HostMessage[];
}

/** `grace` times how long the page is not told that the engine is gone. */
export function wired(scope: TestScope, start: () => HostProcess, grace?: Delay): Wired {
  const { port1: page, port2: main } = new MessageChannel();
  cleanup(scope, () => page.close());
  const side = startMainSide(scope, start, (message) => main.postMessage(message), grace);
  const contents = {};
  const senderFrame = { url: 'aibos-app://app/', parent: null };
  receivePageMessages(
    {
      on: (_channel, listener) =>
        main.on('message', (sent) => listener({ sender: contents, senderFrame }, sent)),
    },
    contents,
    side.link,
    (line) => side.log.push(line),
  );
  const received: HostMessage[] = [];
  page.on('message', (message: HostMessage) => received.push(message));
  return { ...side, client: new ChannelClient(makeBridge(rendererIpc(page))), received };
}

/** One channel each way, so the names of the channels are not needed. */
function rendererIpc(port: MessagePort): Parameters<typeof makeBridge>[0] {
  return {
    send: (_channel, message) => port.postMessage(message),
    on: (_channel, listener) => port.on('message', (message: HostMessage) => listener({}, message)),
    removeListener: () => undefined,
  };
}
