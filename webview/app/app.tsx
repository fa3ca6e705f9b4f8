import type { Host } from '../hosts/host.ts';
import { SignInPage } from '../sign-in/page.tsx';
import { HostContext } from '../state/host.ts';
import { Frame } from './frame.tsx';

/** The whole app on a host. */
export function App({ host }: { host: Host }) {
  return (
    <HostContext.Provider value={host}>
      {host.signedIn.value ? <Frame /> : <SignInPage />}
    </HostContext.Provider>
  );
}
