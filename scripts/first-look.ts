import { writeSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '../src/kube/connect.ts';
import { createClock } from '../src/lib/clock.ts';
import { wallClock } from '../src/lib/time.ts';

/** How long a cluster may take to answer before the recorded one is shown instead. */
const ANSWER_WITHIN_MS = 3_000;

/**
 * What `npm start` shows without arguments: the kubeconfig's current cluster when it answers, listened to from now on, else the recorded one.
 * Says on stderr which, and what else there is to type; `hark serve` says the address then.
 * @returns the arguments for `hark`
 */
export async function firstLook(): Promise<string[]> {
  const found = await findCluster();
  if (found.name !== undefined) {
    tell(`Listening to the cluster "${found.name}" (${found.server}), and keeping what it tells.\n`);
    tellMore(['events -A --type Warning --since 1h', 'why -A']);
    return ['serve'];
  }
  const demo = relative(
    '.',
    join(dirname(dirname(fileURLToPath(import.meta.url))), 'demo', 'cluster.jsonl.gz'),
  );
  tell(
    `No cluster answers (${found.why}), so here is a recorded one. Yours: npm start -- serve --context NAME\n`,
  );
  tell('What happened in it happens again, all of it within a minute, and then stands still.\n');
  const from = ['--from', demo, '--now', RECORDED_NOW];
  tellMore([`events --type Warning ${from.join(' ')}`, `story deployment/podinfo -n shop ${from.join(' ')}`]);
  return ['serve', '--from', demo, '--play', '1m'];
}

/** The end of the recording, from which its ages are counted on the command line. */
const RECORDED_NOW = '2026-11-23T16:30:00Z';

type Found =
  | { readonly name: string; readonly server: string }
  | { readonly name?: undefined; readonly why: string };

/** The current context's cluster when it answers a request for Events, be it with a refusal; else why not. */
async function findCluster(): Promise<Found> {
  try {
    const cluster = await connect({ env: process.env, cwd: process.cwd(), clock: createClock(wallClock) });
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const request = { path: '/api/v1/events', query: { limit: '1' }, signal };
    const answer = await cluster.request(request).finally(() => cluster.close());
    if (answer.status === 200 || answer.status === 403) return { name: cluster.name, server: cluster.server };
    return { why: `${cluster.server} answers ${answer.status}` };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { why: isLate ? `none within ${ANSWER_WITHIN_MS / 1000} s` : (error as Error).message };
  }
}

function tellMore(commands: readonly string[]): void {
  tell(`In a terminal, too:\n${commands.map((command) => `  npm start -- ${command}\n`).join('')}`);
}

/** To a reader that has gone, nothing. */
function tell(text: string): void {
  try {
    writeSync(2, text);
  } catch (error) {
    if (!['EPIPE', 'EAGAIN'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
