/** Ingest over HTTP on loopback: batches of 1,000, checked, redacted, durable. The server is a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { benchBodies } from './events.ts';
import { BETTER, fresh, type Peers } from './ingest.ts';
import { TABLES } from './native.ts';
import { type Candidate, inRounds, timed } from './rounds.ts';

export const OVER_HTTP = 'AI-BOS over HTTP';
const CONNECTIONS = 4;
/** Batches before the clock starts: a server runs for days, and compiles its code within the first seconds. */
const WARM_UP = 30;

/** Events a second, and of the peer in process in the same rounds. */
export function measureHttp(
  folder: string,
  peers: Peers,
  { count, rounds }: { count: number; rounds: number },
): Promise<Map<string, number[]>> {
  const run = async (round: number) => {
    const bodies = benchBodies(count, 1_000, round + 2);
    const server = await startServer(fresh(folder, 'http'));
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    try {
      for (const body of benchBodies(WARM_UP * 1_000, 1_000, round + 1_000)) await post(server, agent, body);
      let next = 0;
      let accepted = 0;
      const client = async () => {
        while (next < bodies.length) {
          const taken = await post(server, agent, bodies[next++] as Uint8Array);
          accepted += taken;
        }
      };
      const took = await timed(() => Promise.all(Array.from({ length: CONNECTIONS }, client)));
      if (accepted !== count) throw new Error(`${accepted} of ${count} events were accepted`);
      return (count / took) * 1_000;
    } finally {
      agent.destroy();
      server.child.kill();
      await once(server.child, 'exit');
    }
  };
  const candidates: Candidate[] = [{ name: OVER_HTTP, run }];
  const { better } = peers;
  if (better) {
    candidates.push({
      name: BETTER,
      async run(round) {
        const db = better(join(fresh(folder, 'native'), 'events.db'), TABLES);
        const bodies = benchBodies(count, 1_000, round + 2);
        const took = await timed(() => db.store(bodies));
        db.close();
        return (count / took) * 1_000;
      },
    });
  }
  return inRounds(candidates, rounds);
}

interface Server {
  child: ChildProcess;
  port: number;
  token: string;
}

async function startServer(folder: string): Promise<Server> {
  const script = fileURLToPath(new URL('server-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { port: number; token: string }) };
}

/** Resolves with the number of events that were accepted. */
function post({ port, token }: Server, agent: Agent, body: Uint8Array): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path: '/api/telemetry/events', method: 'POST', agent, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 201) resolve((JSON.parse(text) as { accepted: number }).accepted);
          else reject(new Error(`${response.statusCode}: ${text.slice(0, 200)}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
