import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRawClient, type RawClient } from '../test/control-plane/raw-client.ts';
import { findControlPlane, NO_CONTROL_PLANE, startControlPlane } from '../test/control-plane/start.ts';
import { findHark } from './find-hark.ts';
import { type BenchResult, formatRatio, formatSeconds } from './result.ts';

const SMALL_REQUESTS = 1_000;
const AT_ONCE = 8;
const LARGE_OBJECTS = 500;
const LARGE_OBJECT_BYTES = 100_000;
/** Each takes its turn in each, so that what else the machine does meets both. */
const ROUNDS = 7;

/** What going through `hark proxy` costs, compared with `kubectl proxy`, before the same API server. */
export async function benchProxy(): Promise<BenchResult[]> {
  const assets = findControlPlane();
  if (assets === undefined) throw new Error(`the bench proxy ${NO_CONTROL_PLANE}`);
  const plane = await startControlPlane(assets);
  const folder = mkdtempSync(join(tmpdir(), 'hark-bench-'));
  const client = createRawClient(plane.kubeconfig);
  const running: ChildProcess[] = [];
  try {
    await fill(client);
    const { args, what } = findHark();
    const kubeconfig = ['--kubeconfig', plane.kubeconfig, '--port', '0'];
    const store = ['--store', join(folder, 'events.db')];
    const hark = await start(running, process.execPath, [...args, 'proxy', ...kubeconfig, ...store]);
    const kubectl = await start(running, 'kubectl', ['proxy', ...kubeconfig]);
    const works: readonly (readonly [string, (url: string) => Promise<void>])[] = [
      ['1,000 small requests, one after the other', (url) => askOften(url, 1)],
      [`1,000 small requests, ${AT_ONCE} at once`, (url) => askOften(url, AT_ONCE)],
      ['a list of 50 MB', (url) => readWhole(url, '/api/v1/configmaps', undefined)],
    ];
    const results: BenchResult[] = [];
    for (const [name, work] of works) {
      const [own, other] = await compareTimes(
        () => work(hark),
        () => work(kubectl),
      );
      results.push({
        what: `${name}, through \`hark proxy\` while it listens (${what})`,
        hark: formatSeconds(own),
        compared: `\`kubectl proxy\`: ${formatSeconds(other)}`,
        ratio: formatRatio(own / other),
        target: '≤ 1.2',
      });
    }
    return results;
  } finally {
    for (const child of running) child.kill('SIGKILL');
    client.close();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(client: RawClient): Promise<void> {
  const text = 'hark '.repeat(LARGE_OBJECT_BYTES / 5);
  for (let i = 0; i < LARGE_OBJECTS; i += 1)
    await client.send('POST', '/api/v1/namespaces/default/configmaps', {
      metadata: { name: `large-${i}` },
      data: { text },
    });
}

/** Starts a proxy and gives its URL. */
async function start(running: ChildProcess[], command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const place = /^Starting to serve on (.+)$/.exec(line)?.[1];
    if (place !== undefined) return `http://${place}`;
  }
  throw new Error(`${command} ${args.join(' ')} did not begin to serve`);
}

/** The shortest that each takes, in seconds: what else the machine did is noise on top of it. */
async function compareTimes(one: () => Promise<void>, other: () => Promise<void>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  await one();
  await other();
  for (let round = 0; round < ROUNDS; round += 1) {
    times[0].push(await measure(one));
    times[1].push(await measure(other));
  }
  return [Math.min(...times[0]), Math.min(...times[1])];
}

async function measure(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function askOften(url: string, atOnce: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let left = SMALL_REQUESTS;
  const run = async () => {
    while (left > 0) {
      left -= 1;
      await readWhole(url, '/api/v1/namespaces/default', agent);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  agent.destroy();
}

async function readWhole(url: string, path: string, agent: Agent | undefined): Promise<void> {
  const sent = request(`${url}${path}`, { agent: agent ?? false });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
  answer.resume();
  await once(answer, 'end');
}
