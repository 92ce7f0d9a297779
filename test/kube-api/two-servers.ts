import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { Agent, request as requestTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { WireEvent } from '../api-server/event-storage.ts';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import { homeOf, PROGRAM, readAll, waitForEnd } from '../cli/start-hark.ts';
import { createRawClient, readIdentity } from '../control-plane/raw-client.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/start.ts';

/** A server of Kubernetes' API that is asked. */
export interface Asked {
  /** `http://127.0.0.1:4711/clusters/test` */
  readonly url: string;
  /** Of whoever asks a real one. */
  readonly agent: Agent | undefined;
  readonly kubeconfig: string | undefined;
  /** Where a kubectl that asks it remembers what it discovered. */
  readonly home: string;
}

/** A real API server, and a Hark that listens to it and holds the same Events. */
export interface TwoServers {
  readonly plane: ControlPlane;
  readonly real: Asked;
  readonly hark: Asked;
  readonly minor: number;
  /** Creates an Event in the cluster, or gives it a new state; resolves when Hark knows. */
  put(event: WireEvent): Promise<void>;
  stop(): Promise<void>;
}

/** An Event that has what can be selected by. */
export const LABELLED: WireEvent = {
  kind: 'Event',
  apiVersion: 'v1',
  metadata: {
    name: 'labelled.1',
    namespace: 'default',
    labels: { app: 'web', 'example.com/tier': 'back', weight: '7' },
    annotations: { note: 'kept' },
  },
  involvedObject: {
    kind: 'ConfigMap',
    namespace: 'default',
    name: 'a,b=c',
    apiVersion: 'v1',
    fieldPath: 'data{x}',
  },
  reason: 'Told',
  message: ' told twice \n on two lines ',
  source: { component: 'tester', host: 'here' },
  firstTimestamp: '2011-01-02T03:04:05Z',
  lastTimestamp: '2011-01-02T03:04:06Z',
  count: 2,
  type: 'Normal',
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
} as unknown as WireEvent;

/** How long is waited for what must come. */
const PATIENCE_MS = 120_000;

/**
 * Starts both, with the Events of recordings in them: of those of the version that is nearer, for a series counts its first two happenings as one before
 * Kubernetes 1.26 and as two since, and servers print what their own recorders count. Their times are moved to long ago, so that an age is the same whenever it is asked for.
 */
export async function startTwoServers(assets: string, scenarios: readonly string[]): Promise<TwoServers> {
  const plane = await startControlPlane(assets);
  const stops: (() => unknown)[] = [() => plane.stop()];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return { ...(await fill(plane, scenarios, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(
  plane: ControlPlane,
  scenarios: readonly string[],
  stops: (() => unknown)[],
): Promise<Omit<TwoServers, 'stop'>> {
  const client = createRawClient(plane.kubeconfig);
  stops.push(() => client.close());
  const { minor: told } = (await client.send('GET', '/version')) as unknown as { readonly minor: string };
  const minor = Number.parseInt(told, 10);
  const isNew = minor >= 26;
  const events = scenarios
    .flatMap((name) => readRecordedEvents(`${isNew ? 'v1.36' : 'v1.20'}/${name}`))
    .map((event) => moveToPast(event, isNew));
  for (const name of new Set(events.map(({ metadata }) => metadata.namespace))) {
    const namespace = { kind: 'Namespace', apiVersion: 'v1', metadata: { name } };
    await client.send('POST', '/api/v1/namespaces', namespace, [409]);
  }
  for (const event of events)
    await client.send('POST', `/api/v1/namespaces/${event.metadata.namespace}/events`, event, [409]);
  await client.send('POST', '/api/v1/namespaces/default/events', LABELLED);
  const hark = await serveCluster(plane, stops);
  const { server: _, ...identity } = readIdentity(plane.kubeconfig);
  const agent = new Agent({ keepAlive: true, ...identity });
  stops.push(() => agent.destroy());
  const home = mkdtempSync(join(tmpdir(), 'hark-two-servers-'));
  stops.push(() => rmSync(home, { recursive: true, force: true }));
  const real: Asked = { url: plane.url, agent, kubeconfig: plane.kubeconfig, home };
  const countOf = async (asked: Asked) => {
    const { body } = await ask(asked, '/api/v1/events');
    return (JSON.parse(body) as { items?: unknown[] }).items?.length ?? 0;
  };
  await until(`Hark has the API server's Events`, async () => (await countOf(hark)) >= (await countOf(real)));
  return {
    plane,
    real,
    hark,
    minor,
    async put(event) {
      const path = `/api/v1/namespaces/${event.metadata.namespace}/events`;
      await client.send('POST', path, event, [409]);
      const { message } = await client.send('PUT', `${path}/${event.metadata.name}`, event);
      await until(`Hark knows ${event.metadata.name}`, async () => {
        const { status, body } = await ask(hark, `${path}/${event.metadata.name}`);
        return status === 200 && (JSON.parse(body) as { message: string }).message === message;
      });
    },
  };
}

/** Starts a `hark serve` that listens to the cluster. */
async function serveCluster(plane: ControlPlane, stops: (() => unknown)[]): Promise<Asked> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-two-servers-'));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH ?? '', ...homeOf(folder) };
  const args = ['--store', join(folder, 'events.db'), '--kubeconfig', plane.kubeconfig];
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--listen', '127.0.0.1:0', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'exit');
  stops.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const read = () => /Hark is at (\S+)\n/.exec(said)?.[1];
  await until('hark serve says where it is', async () => {
    if (child.exitCode !== null) throw new Error(`hark serve ended: ${said}`);
    return read() !== undefined;
  });
  return { url: `${read()}/clusters/test`, agent: undefined, kubeconfig: undefined, home: folder };
}

function moveToPast({ metadata, ...event }: WireEvent, isCountedFromTwo: boolean): WireEvent {
  const { name, namespace } = metadata;
  // Of a series that is heard of late it cannot be known whether its version counts it from 1 or from 2: the least that is certain is told.
  const series = event.series ? { ...(event.series as object), count: isCountedFromTwo ? 2 : 1 } : undefined;
  const made = {
    ...event,
    ...(series && { series }),
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name, namespace },
  };
  const text = JSON.stringify(made);
  return JSON.parse(text.replaceAll(/"20\d\d-(\d\d-\d\dT)/g, '"2011-$1')) as WireEvent;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly allow: string;
  readonly body: string;
}

/** Sends a request and gives back what was answered. */
export async function ask(
  { url, agent }: Asked,
  path: string,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Reply> {
  const { method = 'GET', headers = {} } = options;
  const sent = (agent === undefined ? requestPlain : requestTls)(`${url}${path}`, { method, headers, agent });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 0,
    type: answer.headers['content-type'] ?? '',
    allow: answer.headers.allow ?? '',
    body: (await answer.toArray()).map(String).join(''),
  };
}

export interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a kubectl against a server to its end. */
export async function runKubectl(kubectl: string, asked: Asked, args: readonly string[]): Promise<Printed> {
  const { child, ended } = startKubectl(kubectl, asked, args);
  const [stdout, stderr, { code }] = await Promise.all([readAll(child.stdout), readAll(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** Starts one. It ends with the test file at the latest. */
export function startKubectl(kubectl: string, { url, kubeconfig, home }: Asked, args: readonly string[]) {
  const where =
    kubeconfig === undefined ? ['--server', url, '--kubeconfig', '/dev/null'] : ['--kubeconfig', kubeconfig];
  const child = spawn(kubectl, [...where, ...args], {
    env: { PATH: process.env.PATH ?? '', ...homeOf(home) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  after(() => child.kill('SIGKILL'));
  child.stdin.end();
  return { child, ended: waitForEnd(child) };
}

/** The kubectls that are there: the control plane's own, and the machine's. */
export function findKubectls(assets: string): string[] {
  const folders = [assets, ...(process.env.PATH ?? '').split(':')];
  const found = folders.map((folder) => join(folder, 'kubectl')).filter((file) => existsSync(file));
  return [...new Set([found[0], found.find((file) => !file.startsWith(assets))])].filter(
    (file) => file !== undefined,
  );
}

/** Waits until something holds; says what when it does not come to that. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`within ${PATIENCE_MS / 1000} s it did not come to this: ${what}`);
}
