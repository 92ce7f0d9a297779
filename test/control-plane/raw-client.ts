import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';

/** A client of a real API server that shares no code with Hark: what it hears is what Hark is measured by. */
export interface RawClient {
  /** Sends a request and returns the answer's object. Throws when the status is neither of those expected nor 2xx. */
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    expected?: readonly number[],
  ): Promise<RawObject>;
  /** Watches Events from now on, those there are first, until `stop`. */
  watchEvents(): Promise<RawWatch>;
  close(): void;
}

export interface RawObject {
  readonly metadata?: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  readonly [field: string]: unknown;
}

/** One state of an Event, as the watch told it. */
export interface RawState {
  readonly key: string;
  readonly count: number;
  readonly resourceVersion: number;
}

export interface RawWatch {
  /** Every state heard, deletions left out. */
  readonly states: readonly RawState[];
  /** Resolves when an Event of that key was heard. */
  hears(key: string): Promise<RawState>;
  /** Resolves when so many states were heard. */
  reaches(count: number): Promise<void>;
  stop(): void;
}

/** @param kubeconfig a JSON kubeconfig with certificates in it, as the control plane here writes it */
export function createRawClient(kubeconfig: string): RawClient {
  const { server, ...identity } = readIdentity(kubeconfig);
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ...identity });

  async function open(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const text = body === undefined ? '' : JSON.stringify(body);
    // Of a DELETE Node itself would say nothing of the length, and the server would take the body for the next request.
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(text) };
    const sent = request(`${server}${path}`, { method, agent, headers });
    sent.end(text);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer;
  }

  return {
    async send(method, path, body, expected = []) {
      const answer = await open(method, path, body);
      const text = (await answer.toArray()).map(String).join('');
      const status = answer.statusCode ?? 0;
      if (status > 299 && !expected.includes(status)) throw new Error(`${method} ${path}: ${status} ${text}`);
      return JSON.parse(text) as RawObject;
    },
    async watchEvents() {
      return followLines(await open('GET', '/api/v1/events?watch=true'));
    },
    close: () => agent.destroy(),
  };
}

function followLines(answer: IncomingMessage): RawWatch {
  const states: RawState[] = [];
  const bell = new EventTarget();
  const changed = () => new Promise((resolve) => bell.addEventListener('change', resolve, { once: true }));
  const lines = createInterface({ input: answer });
  lines.on('line', (line) => {
    const { type, object } = JSON.parse(line) as { type: string; object: RawObject };
    if (type === 'ERROR') throw new Error(`the watch of the test itself failed: ${line}`);
    if (type !== 'DELETED') states.push(readState(object));
    bell.dispatchEvent(new Event('change'));
  });
  let stopped = false;
  // `stop` breaks it off; else nobody does, or the test waits for what it will not hear.
  for (const stream of [answer, lines]) stream.on('error', () => {});
  answer.on('close', () => {
    if (!stopped) throw new Error('the watch of the test itself was broken off');
  });
  return {
    states,
    async hears(key) {
      for (;;) {
        const found = states.find((state) => state.key === key);
        if (found !== undefined) return found;
        await changed();
      }
    },
    async reaches(count) {
      while (states.length < count) await changed();
    },
    stop() {
      stopped = true;
      answer.destroy();
    },
  };
}

function readState(object: RawObject): RawState {
  const { metadata, series, count } = object as RawObject & {
    series?: { count: number } | null;
    count?: number;
  };
  return {
    key: `${metadata?.namespace}/${metadata?.name}`,
    count: series?.count ?? count ?? 1,
    resourceVersion: Number(metadata?.resourceVersion),
  };
}

/** The server and the certificates of a JSON kubeconfig, as the control plane here writes it. */
export function readIdentity(kubeconfig: string) {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{ cluster: Record<string, string> }];
    users: [{ user: Record<string, string> }];
  };
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const decode = (text = '') => Buffer.from(text, 'base64');
  return {
    server: cluster.server ?? '',
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  };
}
