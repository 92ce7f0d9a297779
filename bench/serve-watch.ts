import type { ApiRequest, ApiResponse, Cluster } from '../src/kube/cluster.ts';

export interface WatchServer {
  readonly cluster: Cluster;
  /** When the watch was opened, in milliseconds of `performance.now()`. */
  started(): number;
}

/** A cluster without Events at first, in this process, whose watch gives these bytes and then nothing more. */
export function serveWatch(chunks: Iterable<Uint8Array>, signal: AbortSignal): WatchServer {
  let started = 0;

  async function* watch(): AsyncGenerator<Uint8Array> {
    started = performance.now();
    yield* chunks;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  async function* send(object: object): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(object));
  }

  function answer(status: number, body: AsyncIterable<Uint8Array>): ApiResponse {
    return { status, headers: { 'content-type': 'application/json' }, body, close() {} };
  }

  async function request({ path, query }: ApiRequest): Promise<ApiResponse> {
    if (path === '/version') return answer(200, send({ gitVersion: 'v1.36.2' }));
    if (!path.endsWith('/events')) return answer(200, send({ metadata: { uid: 'bench' } }));
    if (query?.watch === undefined) {
      return answer(
        200,
        send({ kind: 'EventList', apiVersion: 'v1', metadata: { resourceVersion: '1000' }, items: [] }),
      );
    }
    if (query.sendInitialEvents !== undefined) return answer(422, send({ kind: 'Status', code: 422 }));
    return answer(200, watch());
  }

  const cluster: Cluster = {
    name: 'bench',
    server: 'https://bench',
    namespace: 'default',
    fallbackUid: 'bench',
    request,
    close() {},
  };
  return { cluster, started: () => started };
}
