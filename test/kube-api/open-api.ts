import { join } from 'node:path';
import { after } from 'node:test';
import type { EventQuery } from '../../src/events/query.ts';
import type { Sighting } from '../../src/events/sighting.ts';
import { answerKubeRequest } from '../../src/kube-api/answer-request.ts';
import { createHistoryLogs } from '../../src/kube-api/history-log.ts';
import type { KubeAnswer, KubeApi } from '../../src/kube-api/kube-api.ts';
import { createListWalks } from '../../src/kube-api/list-walks.ts';
import { pollLog } from '../../src/kube-api/poll-log.ts';
import { createClock } from '../../src/lib/clock.ts';
import { parseTime } from '../../src/lib/rfc3339.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { makeFolder } from '../cli/start-hark.ts';
import { CLUSTER } from '../store/batches.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is answered is looked at field by field
export type Json = any;

/** When requests of tests are answered, unless they say otherwise. */
export const NOW = parseTime('2026-11-23T18:00:00Z') ?? 0;

export interface OpenedApi {
  readonly api: KubeApi;
  readonly store: SqliteStore;
  write(sightings: readonly Sighting[]): Promise<void>;
  /** Sends a request; `path` with its query. */
  ask(path: string, options?: AskOptions): Promise<Answer>;
  /** The same, parsed; throws when the status is another than 200. */
  json(path: string, options?: AskOptions): Promise<Json>;
}

export interface AskOptions {
  readonly method?: string;
  readonly accept?: string;
  readonly userAgent?: string;
  readonly signal?: AbortSignal;
}

export interface Answer extends KubeAnswer {
  /** All of it. */
  text(): Promise<string>;
}

/** Opens the API over a store of its own, which is removed with the test file. */
export function openApi(options: Partial<KubeApi> & { readonly changesKept?: number } = {}): OpenedApi {
  const { changesKept, ...parts } = options;
  const file = join(makeFolder(), 'events.db');
  const store = openSqliteStore({ file, mode: 'write', ...(changesKept !== undefined && { changesKept }) });
  after(() => store.close());
  const clock = createClock(() => NOW);
  const api: KubeApi = {
    log: pollLog(store, clock),
    cluster: CLUSTER.uid,
    version: CLUSTER.version,
    clock,
    walks: createListWalks(),
    histories: createHistoryLogs(),
    readNamespaces: async () => readNamespaces(store, { clusters: [CLUSTER.uid] }),
    ...parts,
  };
  async function ask(url: string, asked: AskOptions = {}): Promise<Answer> {
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    const { method = 'GET', signal = new AbortController().signal, accept, userAgent } = asked;
    const answer = await answerKubeRequest(api, { method, path, query, accept, userAgent, signal });
    return { ...answer, text: () => readText(answer.body) };
  }
  return {
    api,
    store,
    async write(sightings) {
      await store.write({ cluster: CLUSTER, sightings });
    },
    ask,
    async json(path, asked) {
      const answer = await ask(path, asked);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    },
  };
}

async function readText(body: KubeAnswer['body']): Promise<string> {
  if (typeof body === 'string') return body;
  let text = '';
  for await (const piece of body) text += piece;
  return text;
}

async function readNamespaces(store: SqliteStore, query: EventQuery) {
  const names = new Set<string>();
  for await (const page of store.readEvents(query)) for (const { event } of page) names.add(event.namespace);
  return [...names].sort().map((name) => ({ name, from: NOW }));
}
