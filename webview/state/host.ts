import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { Host } from '../hosts/host.ts';

export const HostContext = createContext<Host | undefined>(undefined);

/** The host that the pages run in. */
export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error('A page was drawn outside of its app.');
  return host;
}

/** The engine's client. */
export function useClient(): TelemetryClient {
  return useHost().client;
}
