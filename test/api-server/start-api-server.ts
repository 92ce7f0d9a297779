import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findBuiltinKind } from '../../src/events/kind-names.ts';
import { type Answer, type Ending, formatStatus } from './answer.ts';
import { createEventStorage, type EventStorage, type WireEvent } from './event-storage.ts';
import { type Authority, type CertificateWishes, type KeyPair, makeAuthority } from './make-certificates.ts';
import { matchesRequest, type RequestMatch, readRequest, type SeenRequest } from './seen-request.ts';
import { finish, gzip, sendReal, sendScripted } from './send-answer.ts';
import { type CustomKind, serveDiscovery } from './serve-discovery.ts';
import { type EventAnswer, serveList, serveWatch, type WatchListSupport } from './serve-events.ts';

/**
 * A double of the Kubernetes API server, over real TLS sockets on loopback. Without a script it behaves as the real one does (list in pages, watch,
 * `sendInitialEvents`, field selectors, compaction, both API groups of Events, discovery, objects, authentication); a script replaces chosen answers:
 *
 *     const server = await startApiServer({ events: readRecordedEvents('v1.36/b-bad-image') });
 *     server.script('watch', { status: 410 });                        // the next watch gets HTTP 410
 *     server.script('watch', { pieces: ['{"ty'], ending: 'cut' });      // the one after it is cut in the middle of a line
 *     server.script('list', { status: 429, headers: { 'retry-after': '7' } }, 3);
 *     const kubeconfig = server.writeKubeconfig();                    // a file, for --kubeconfig
 *     await server.seen('watch', 2);                                  // resolves when the second watch has been asked for
 *     await server.watching();                                        // resolves when a watch is open and is sent changes
 *     server.storage.write(event);                                    // every open watch gets a line
 *     server.endWatches('cut');                                       // each is cut; 'end' ends it as the server's own time limit does
 *     server.requests                                                 // all that was asked, in order
 *     await server.stop();
 *
 * It never acts by time: what a real server does after a while, the test says when.
 */
export interface ApiServer {
  readonly url: string;
  /** PEM of the CA that signed its certificate. */
  readonly ca: string;
  readonly requests: readonly SeenRequest[];
  /** The Events there are now; write, remove, compact. Replaced by `rebuild`. */
  readonly storage: EventStorage;
  /** The next `times` requests that match get this answer; scripts are used up in the order in which they were given. */
  script(match: RequestMatch, answer: Answer, times?: number): void;
  /** Resolves with the `count`th matching request, at once when it was already seen. */
  seen(match: RequestMatch, count?: number): Promise<SeenRequest>;
  /** Resolves when `count` watches are open. */
  watching(count?: number): Promise<void>;
  /** Resolves when no watch is open. */
  unwatched(): Promise<void>;
  /** How many connections were ever made. */
  connections(): number;
  /** Ends every open watch, or breaks it off. */
  endWatches(how?: Ending): void;
  /** Another cluster takes this one's place behind the same address: other Events, other kube-system, revisions from the start. Open watches stay silent. */
  rebuild(wishes: {
    readonly events?: readonly WireEvent[];
    readonly kubeSystemUid?: string;
    readonly revision?: number;
  }): void;
  /** From now on only these users may do these things: false is answered with 403. */
  allow(rule: (request: SeenRequest) => boolean): void;
  /** From now on only these bearer tokens are let in; others get 401. */
  acceptTokens(tokens: readonly string[]): void;
  /** A certificate signed by the server's CA, for a client or another server. */
  issue(wishes: CertificateWishes): KeyPair;
  /**
   * Writes a kubeconfig of one context `double` that trusts the server, and returns its path; it is removed by `stop`.
   *
   * @param user the user entry, instead of none
   * @param cluster fields to add to the cluster entry, or to replace
   */
  writeKubeconfig(user?: object, cluster?: object, namespace?: string): string;
  /** Closes the listening socket and every connection, as a crash does; the address stays reserved for `restart`. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApiServerWishes {
  readonly events?: readonly WireEvent[];
  /** The newest revision at the start; default that of the newest Event. */
  readonly revision?: number;
  readonly version?: string;
  readonly kubeSystemUid?: string;
  /** Namespaces beside `default`, `kube-system` and those of the Events. */
  readonly namespaces?: readonly string[];
  /** Objects to be had by GET, with kind, apiVersion and metadata. */
  readonly objects?: readonly WireObject[];
  readonly customKinds?: readonly CustomKind[];
  readonly aggregatedDiscovery?: boolean;
  readonly watchList?: WatchListSupport;
  /** Clients without a certificate are refused in the TLS handshake. */
  readonly clientCertificate?: 'required';
  /** The server's own certificate; default one for 127.0.0.1 and localhost. */
  readonly certificate?: Partial<CertificateWishes>;
}

export interface WireObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string };
}

interface OpenWatch {
  readonly response: ServerResponse;
  readonly raw: Socket;
  readonly stop: () => void;
}

/** Keys take a while to make; all doubles of a process share them. */
const shared: { authority?: Authority; server?: KeyPair } = {};

function sharedAuthority(): Authority {
  shared.authority ??= makeAuthority();
  return shared.authority;
}

/** Starts a double, see `ApiServer`. */
export async function startApiServer(wishes: ApiServerWishes = {}): Promise<ApiServer> {
  const authority = sharedAuthority();
  const requests: SeenRequest[] = [];
  const scripts: { match: RequestMatch; answer: Answer; times: number }[] = [];
  const watches = new Set<OpenWatch>();
  const raws = new Map<number, Socket>();
  const folders: string[] = [];
  const bell = new EventTarget();
  let storage = createEventStorage(wishes.events ?? [], wishes.revision);
  let kubeSystemUid = wishes.kubeSystemUid ?? '5c8b0f3e-0000-4000-8000-6b7562652d73';
  let tokens: readonly string[] | undefined;
  let allowed: (request: SeenRequest) => boolean = () => true;

  const server = createServer(
    {
      ...serverKeys(authority, wishes),
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: wishes.clientCertificate === 'required',
      keepAliveTimeout: 0,
    },
    (message, response) => void handle(message, response),
  );
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    const port = socket.remotePort ?? 0;
    raws.set(port, socket);
    socket.once('close', () => raws.delete(port));
  });

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = readRequest(message, await text(message));
    const raw = raws.get(message.socket.remotePort ?? 0);
    if (raw === undefined) return;
    requests.push(request);
    const answer = takeScript(request);
    bell.dispatchEvent(new Event('change'));
    if (answer !== undefined && !('real' in answer)) return await sendScripted(response, raw, answer);
    await answerReally(request, response, raw, answer?.real ?? {});
  }

  function takeScript(request: SeenRequest): Answer | undefined {
    const found = scripts.find((script) => matchesRequest(script.match, request));
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times <= 0) scripts.splice(scripts.indexOf(found), 1);
    return found.answer;
  }

  async function answerReally(
    request: SeenRequest,
    response: ServerResponse,
    raw: Socket,
    how: Extract<Answer, { real: unknown }>['real'],
  ): Promise<void> {
    const { status, body, lineOf } = decide(request);
    const zipped = how.gzip === true && lineOf === undefined;
    const bytes = zipped ? gzip(Buffer.from(body)) : Buffer.from(body);
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    });
    response.flushHeaders();
    // Followed before the first lines are sent, lest a change between be lost; later lines wait for them.
    let sending = Promise.resolve(false);
    const watch = lineOf === undefined ? undefined : openWatch(response, raw);
    const stopFollowing =
      lineOf === undefined
        ? undefined
        : storage.follow((change) => {
            const line = lineOf(change);
            if (line === undefined) return;
            sending = sending.then((over) => over || sendReal(response, raw, Buffer.from(line), how));
          });
    response.once('close', () => stopFollowing?.());
    sending = sendReal(response, raw, bytes, how);
    const over = await sending;
    if (watch === undefined && !over) response.end();
    bell.dispatchEvent(new Event('change'));
  }

  function openWatch(response: ServerResponse, raw: Socket): OpenWatch {
    const stop = () => {
      watches.delete(watch);
      bell.dispatchEvent(new Event('change'));
    };
    const watch: OpenWatch = { response, raw, stop };
    watches.add(watch);
    response.once('close', watch.stop);
    return watch;
  }

  function decide(request: SeenRequest): EventAnswer {
    if (tokens !== undefined && !tokens.includes(request.token))
      return refuse(401, 'Unauthorized', 'Unauthorized');
    if (!allowed(request)) return refuse(403, 'Forbidden', forbiddenText(request));
    if (request.events === undefined) return serveOther(request);
    return request.verb === 'watch'
      ? serveWatch(storage, request, wishes.watchList ?? 'served')
      : serveList(storage, request);
  }

  function serveOther(request: SeenRequest): EventAnswer {
    const found =
      request.path === '/version'
        ? { major: '1', minor: '36', gitVersion: wishes.version ?? 'v1.36.2' }
        : (serveNamespaces(request.path) ??
          serveDiscovery(
            { custom: wishes.customKinds ?? [], aggregated: wishes.aggregatedDiscovery ?? true },
            request.path,
            request.headers.accept ?? '',
          ) ??
          (wishes.objects ?? []).find((object) =>
            pathsOf(object, wishes.customKinds ?? []).includes(request.path),
          ));
    if (found === undefined)
      return refuse(404, 'NotFound', 'the server could not find the requested resource');
    return { status: 200, body: JSON.stringify(found) };
  }

  function serveNamespaces(path: string): object | undefined {
    const events = storage.listAt(storage.revision()).map((event) => event.metadata.namespace);
    const names = [...new Set(['default', 'kube-system', ...(wishes.namespaces ?? []), ...events])].sort();
    const items = names.map((name) => ({
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { name, uid: name === 'kube-system' ? kubeSystemUid : `uid-of-${name}` },
    }));
    if (path === '/api/v1/namespaces') {
      const metadata = { resourceVersion: String(storage.revision()) };
      return { kind: 'NamespaceList', apiVersion: 'v1', metadata, items };
    }
    return items.find((item) => path === `/api/v1/namespaces/${item.metadata.name}`);
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(bell, 'change');
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;

  async function crash(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    for (const raw of raws.values()) raw.destroy();
    await closed;
  }

  return {
    url,
    ca: authority.ca,
    requests,
    get storage() {
      return storage;
    },
    script(match, answer, times = 1) {
      scripts.push({ match, answer, times });
    },
    async seen(match, count = 1) {
      const matching = () => requests.filter((request) => matchesRequest(match, request));
      await until(() => matching().length >= count);
      return matching()[count - 1] as SeenRequest;
    },
    watching: (count = 1) => until(() => watches.size >= count),
    connections: () => connections,
    unwatched: () => until(() => watches.size === 0),
    endWatches(how = 'end') {
      for (const { response, raw, stop } of [...watches]) {
        stop();
        finish(response, raw, how);
      }
    },
    rebuild(other) {
      storage = createEventStorage(other.events ?? [], other.revision);
      kubeSystemUid = other.kubeSystemUid ?? kubeSystemUid;
    },
    allow(rule) {
      allowed = rule;
    },
    acceptTokens(accepted) {
      tokens = accepted;
    },
    issue: (certificate) => authority.issue(certificate),
    writeKubeconfig(user, cluster, namespace) {
      const folder = mkdtempSync(join(tmpdir(), 'hark-double-'));
      folders.push(folder);
      const file = join(folder, 'kubeconfig');
      writeFileSync(file, formatKubeconfig(url, authority.ca, user, cluster, namespace));
      return file;
    },
    crash,
    async restart() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async stop() {
      if (server.listening) await crash();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serverKeys(authority: Authority, wishes: ApiServerWishes): KeyPair {
  const usual = { name: 'kube-apiserver', hosts: ['127.0.0.1', 'localhost'] };
  if (wishes.certificate !== undefined) return authority.issue({ ...usual, ...wishes.certificate });
  shared.server ??= authority.issue(usual);
  return shared.server;
}

function refuse(status: number, reason: string, message: string): EventAnswer {
  return { status, body: formatStatus(status, reason, message) };
}

/** As the real one says it. */
function forbiddenText(request: SeenRequest): string {
  const user = request.clientName || request.token || 'system:anonymous';
  const where = request.events?.namespace;
  const scope = where ? `in the namespace "${where}"` : 'at the cluster scope';
  const resource = request.events === undefined ? request.path : 'events';
  return `${resource} is forbidden: User "${user}" cannot ${request.verb} resource "${resource}" in API group "" ${scope}`;
}

function pathsOf(object: WireObject, custom: readonly CustomKind[]): string[] {
  const [version = '', group = ''] = object.apiVersion.split('/').reverse();
  const kind =
    custom.find((candidate) => candidate.kind === object.kind && candidate.group === group) ??
    findBuiltinKind(object.kind);
  if (kind === undefined) return [];
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = kind.namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : '';
  return [`${root}${scope}/${kind.plural}/${object.metadata.name}`];
}

function formatKubeconfig(
  server: string,
  ca: string,
  user: object = {},
  cluster: object = {},
  namespace?: string,
): string {
  const trust = { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'double', cluster: { ...trust, ...cluster } }],
    users: [{ name: 'tester', user }],
    contexts: [
      { name: 'double', context: { cluster: 'double', user: 'tester', ...(namespace ? { namespace } : {}) } },
    ],
    'current-context': 'double',
  });
}
