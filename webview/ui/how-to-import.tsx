import { useHost } from '../state/host.ts';

/** How the history of a project comes in, where the reader is: by a drop, by a command, from a terminal. */
export function HowToImport() {
  const { name } = useHost();
  if (name === 'desktop')
    return <p>Drop the folder of a project on this window, or choose File, Import Repository.</p>;
  if (name === 'vscode')
    return (
      <p>
        Run the command <code>AI-BOS: Import This Workspace</code>.
      </p>
    );
  return (
    <p>
      Run <code>npx aibos start</code> in the folder of a project to import its history.
    </p>
  );
}
