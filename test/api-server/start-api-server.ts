import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Answer } from './answer.ts';
import type { ApiServer, ApiServerWishes } from './api-server.ts';
import { decideAnswer, type ServedState } from './decide-answer.ts';
import { createEventStorage } from './event-storage.ts';
import { type Authority, type KeyPair, makeAuthority } from './make-certificates.ts';
import { openListener } from './open-listener.ts';
import { createOpenWatches } from './open-watches.ts';
import { createRequestLog } from './request-log.ts';
import { readRequest } from './seen-request.ts';
import { gzip, sendReal, sendScripted } from './send-answer.ts';
import { createCollections } from './serve-collections.ts';
import type { EventAnswer } from './serve-events.ts';
import { createKubeconfigWriter } from './write-kubeconfig.ts';

export type { ApiServer, ApiServerWishes } from './api-server.ts';

/** Starts a double of the Kubernetes API server: see `ApiServer` for how to use it. */
export async function startApiServer(wishes: ApiServerWishes = {}): Promise<ApiServer> {
  const { authority, keys } = findKeys(wishes);
  const log = createRequestLog();
  const watches = createOpenWatches(log.changed);
  const objectWatches = createOpenWatches(log.changed);
  const kubeconfigs = createKubeconfigWriter();
  const storage = createEventStorage(wishes.events ?? [], wishes.revision);
  const collect = (revision: number, objects = wishes.collected ?? []) =>
    createCollections(objects, wishes.customKinds ?? [], revision);
  const state: ServedState = {
    storage,
    collections: collect(storage.revision()),
    kubeSystemUid: wishes.kubeSystemUid ?? '5c8b0f3e-0000-4000-8000-6b7562652d73',
    tokens: undefined,
    allowed: () => true,
    reviews: undefined,
  };
  const rejectUnauthorized = wishes.clientCertificate === 'required';
  const tls = { ...keys, ca: authority.ca, requestCert: true, rejectUnauthorized };
  const listener = await openListener(tls, (message, response) => void handle(message, response));
  const url = `https://127.0.0.1:${listener.port}`;

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = readRequest(message, await text(message));
    const connection = listener.connectionOf(message);
    if (connection === undefined) return;
    const scripted = log.take(request);
    if (scripted !== undefined && !('real' in scripted)) return sendScripted(response, connection, scripted);
    const answer = decideAnswer(state, wishes, request);
    await sendAnswer(answer, response, connection, scripted?.real ?? {});
  }

  async function sendAnswer(
    { status, body, lineOf, storage }: EventAnswer,
    response: ServerResponse,
    connection: Socket,
    how: Extract<Answer, { real: unknown }>['real'],
  ): Promise<void> {
    const zipped = how.gzip === true && lineOf === undefined;
    const bytes = zipped ? gzip(Buffer.from(body)) : Buffer.from(body);
    const encoding = zipped ? { 'content-encoding': 'gzip' } : {};
    response.writeHead(status, { 'content-type': 'application/json', ...encoding });
    response.flushHeaders();
    let sending = sendReal(response, connection, bytes, how);
    if (lineOf !== undefined) {
      const unfollow = (storage ?? state.storage).follow((change) => {
        const line = lineOf(change);
        if (line === undefined) return;
        sending = sending.then((cut) => cut || sendReal(response, connection, Buffer.from(line), how));
      });
      response.once('close', unfollow);
      (storage === undefined ? watches : objectWatches).add(response, connection);
    } else if (!(await sending)) {
      response.end();
    }
  }

  return {
    url,
    ca: authority.ca,
    requests: log.requests,
    get storage() {
      return state.storage;
    },
    script: (match, answer, times = 1) => log.script(match, answer, times),
    seen: (match, count = 1) => log.seen(match, count),
    watching: (count = 1) => log.until(() => watches.count >= count),
    unwatched: () => log.until(() => watches.count === 0),
    connections: listener.connections,
    endWatches: (how = 'end') => watches.end(how),
    get collections() {
      return state.collections;
    },
    watchingObjects: (count = 1) => log.until(() => objectWatches.count >= count),
    endObjectWatches: (how = 'end') => objectWatches.end(how),
    rebuild({ events = [], revision, kubeSystemUid = state.kubeSystemUid }) {
      state.storage = createEventStorage(events, revision);
      state.collections = collect(state.storage.revision(), []);
      state.kubeSystemUid = kubeSystemUid;
    },
    allow(rule) {
      state.allowed = rule;
    },
    review(reviews) {
      state.reviews = reviews;
    },
    acceptTokens(tokens) {
      state.tokens = tokens;
    },
    issue: authority.issue,
    writeKubeconfig: (user, cluster, namespace) =>
      kubeconfigs.write({ server: url, ca: authority.ca, user, cluster, namespace }),
    crash: listener.crash,
    restart: listener.restart,
    async stop() {
      await listener.crash();
      kubeconfigs.removeAll();
    },
  };
}

/** Keys take a while to make; all doubles of a process share them. */
const shared: { authority?: Authority; server?: KeyPair } = {};

function findKeys({ certificate }: ApiServerWishes): { authority: Authority; keys: KeyPair } {
  shared.authority ??= makeAuthority();
  const { authority } = shared;
  const usual = { name: 'kube-apiserver', hosts: ['127.0.0.1', 'localhost'] };
  if (certificate !== undefined) return { authority, keys: authority.issue({ ...usual, ...certificate }) };
  shared.server ??= authority.issue(usual);
  return { authority, keys: shared.server };
}
