import { writeSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '../src/kube/connect.ts';
import { createClock } from '../src/lib/clock.ts';
import { wallClock } from '../src/lib/time.ts';

/** How long a cluster may take to answer before the recorded one is shown instead. */
const ANSWER_WITHIN_MS = 3_000;

/** The end of the recording, from which its ages are counted. */
const RECORDED_NOW = '2026-11-23T16:30:00Z';

/**
 * What `npm start` shows without arguments: the Events of the kubeconfig's current cluster when it answers, else of the recorded one.
 * Says on stderr which, and after the Events what to try next.
 * @returns the arguments for `hark`
 */
export async function firstLook(): Promise<string[]> {
  const found = await findCluster();
  if (found.name !== undefined) {
    tell(`Events of the cluster "${found.name}" (${found.server}):\n`);
    tellNext(['events -A --type Warning --since 1h', 'describe pod/NAME -n NAMESPACE', 'listen']);
    return ['events', '-A'];
  }
  const demo = relative(
    '.',
    join(dirname(dirname(fileURLToPath(import.meta.url))), 'demo', 'cluster.jsonl.gz'),
  );
  const from = ['--from', demo, '--now', RECORDED_NOW];
  tell(`No cluster answers (${found.why}), so here are the Events of a recorded one:\n`);
  tellNext([
    `events --type Warning ${from.join(' ')}`,
    `describe pod/podinfo-5c5dff7b9b-2dcz9 -n shop ${from.join(' ')}`,
    '--help',
  ]);
  return ['events', '-A', ...from];
}

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

function tellNext(commands: readonly string[]): void {
  process.on('exit', (code) => {
    if (code <= 1) tell(`\nTry next:\n${commands.map((command) => `  npm start -- ${command}\n`).join('')}`);
  });
}

/** At once, since the last of it is said while the process ends; to a reader that has gone, nothing. */
function tell(text: string): void {
  try {
    writeSync(2, text);
  } catch (error) {
    if (!['EPIPE', 'EAGAIN'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
