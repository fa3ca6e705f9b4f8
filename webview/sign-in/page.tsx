import { useEffect, useRef, useState } from 'preact/hooks';
import { TelemetryError } from '../../core/contract/errors.ts';
import { pastedCode } from '../hosts/session.ts';
import { useHost } from '../state/host.ts';
import './sign-in.css';

/** Stands in place of the pages in a browser that has no session: how to get one. */
export function SignInPage() {
  const host = useHost();
  const [problem, setProblem] = useState<string>();
  const [sending, setSending] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Sign in · AI-BOS Telemetry';
    input.current?.focus();
  }, []);

  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    const code = pastedCode(input.current?.value ?? '');
    if (code === '') {
      setProblem('Paste the address, the code or the token first.');
      return;
    }
    setSending(true);
    try {
      await host.signIn(code);
    } catch (error) {
      setProblem(TelemetryError.from(error).message);
      setSending(false);
      input.current?.focus();
    }
  };

  return (
    <main class="sign-in">
      <div class="card">
        <h1>Sign in to AI-BOS Telemetry</h1>
        <p>
          This page shows what was recorded on this machine, so it opens only with the address that the
          terminal prints:
        </p>
        <ol>
          <li>
            In a terminal on this machine, run <code>npx aibos serve</code>.
          </li>
          <li>Open the address it prints. It ends in a code and signs you in.</li>
        </ol>
        <form onSubmit={submit} noValidate>
          <label for="sign-in-code">Or paste that address, its code, or the API token here</label>
          <input
            id="sign-in-code"
            ref={input}
            type="password"
            autocomplete="off"
            spellcheck={false}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? 'sign-in-problem' : undefined}
          />
          {problem && (
            <p id="sign-in-problem" role="alert" class="text-error">
              {problem}
            </p>
          )}
          <button type="submit" class="button primary" disabled={sending}>
            {sending ? 'Signing in' : 'Sign in'}
          </button>
        </form>
        <p class="note">
          <code>npx aibos doctor</code> says where the API token is. The session ends when the server does.
        </p>
      </div>
    </main>
  );
}
