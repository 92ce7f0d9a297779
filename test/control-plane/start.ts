import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, type KeyPair, makeAuthority } from '../api-server/make-certificates.ts';

/**
 * A real Kubernetes control plane on loopback: etcd, the API server, and on demand the controller manager and the scheduler. There is no kubelet:
 * Deployments make Pods, the scheduler says FailedScheduling, Jobs and quotas speak, but no Pod starts.
 *
 * The binaries are those in the folder `KUBEBUILDER_ASSETS` names (laid out as `setup-envtest` leaves it), of any Kubernetes since 1.19; everything
 * else is made in a temporary folder that `stop` removes. Processes end with this one at the latest.
 */
export interface ControlPlane {
  /** The folder of the binaries; `kubectl` is among them, or not. */
  readonly assets: string;
  readonly url: string;
  /** A kubeconfig of an administrator. */
  readonly kubeconfig: string;
  /** Writes a kubeconfig for a user, who may do nothing until a role is bound. By a certificate, unless a token is given. */
  writeKubeconfig(user: {
    readonly name: string;
    readonly groups?: readonly string[];
    readonly token?: string;
  }): string;
  /** A certificate that the API server's own requests to aggregated API servers could have; only with the wish for aggregation. */
  issueFrontProxy(name: string): KeyPair;
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  /** Another cluster, new and empty, behind the same address. */
  rebuild(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneWishes {
  /** How often etcd forgets old states; default 5m. */
  readonly compaction?: string;
  /** How long an Event lives; default 1h. */
  readonly eventTtl?: string;
  /** Whether Deployments, Jobs and quotas work, and Pods are scheduled; default false. */
  readonly controllers?: boolean;
  /** Bearer tokens that are let in, by user. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Whether it hands requests on to other API servers, as the front proxy `front-proxy-client`; default false. */
  readonly aggregation?: boolean;
  /** More flags of kube-apiserver. */
  readonly apiFlags?: readonly string[];
}

/** The folder of the binaries, undefined when there is none: then skip, saying `NO_CONTROL_PLANE`. */
export function findControlPlane(): string | undefined {
  const assets = process.env.KUBEBUILDER_ASSETS;
  return assets !== undefined && existsSync(join(assets, 'kube-apiserver')) ? assets : undefined;
}

export const NO_CONTROL_PLANE = 'needs etcd and kube-apiserver in the folder that KUBEBUILDER_ASSETS names';

/** How long a process may take to begin or to end. */
const PATIENCE_MS = 120_000;

/** Starts a control plane and waits until it is ready. */
export async function startControlPlane(
  assets: string,
  wishes: ControlPlaneWishes = {},
): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryControlPlane(assets, wishes);
    } catch (error) {
      // A port that was free a moment ago may be taken by now.
      if (attempt === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function tryControlPlane(assets: string, wishes: ControlPlaneWishes): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-control-plane-'));
  const files = writeFiles(folder, wishes);
  const [etcd, peer, api] = await Promise.all([findPort(), findPort(), findPort()]);
  const url = `https://127.0.0.1:${api}`;
  const run = createRunner(assets, folder);
  const minor = readMinor(assets);
  let generation = 0;

  const startEtcd = () => run.start('etcd', formatEtcdFlags(join(folder, `etcd-${generation}`), etcd, peer));
  const startApi = async () => {
    run.start('kube-apiserver', formatApiFlags(files, wishes, etcd, api));
    await untilReady(url, files, run);
  };
  const startControllers = () => {
    if (wishes.controllers !== true) return;
    const kubeconfig = writeClient(files, url, {
      name: 'system:kube-controller-manager',
      groups: ['system:masters'],
    });
    run.start('kube-controller-manager', formatManagerFlags(files, kubeconfig, minor));
    run.start('kube-scheduler', formatSchedulerFlags(kubeconfig, minor));
  };
  const stopAll = async () => {
    for (const name of ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd'])
      await run.stop(name);
  };

  startEtcd();
  try {
    await startApi();
  } catch (error) {
    await stopAll();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  startControllers();
  run.expectLife();
  return {
    assets,
    url,
    kubeconfig: writeClient(files, url, { name: 'admin', groups: ['system:masters'] }),
    writeKubeconfig: (user) => writeClient(files, url, user),
    issueFrontProxy: (name) => files.frontProxy.issue({ name }),
    stopApiServer: () => run.stop('kube-apiserver'),
    startApiServer: startApi,
    async rebuild() {
      await stopAll();
      generation += 1;
      startEtcd();
      await startApi();
      startControllers();
    },
    async stop() {
      await stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Files {
  readonly folder: string;
  readonly authority: Authority;
  readonly frontProxy: Authority;
  path(name: string): string;
  count: number;
}

function writeFiles(folder: string, { tokens = {} }: ControlPlaneWishes): Files {
  const authority = makeAuthority('hark-test');
  const server = authority.issue({ name: 'kube-apiserver', hosts: ['127.0.0.1', 'localhost', '10.99.0.1'] });
  const accounts = authority.issue({ name: 'service-accounts' });
  const frontProxy = makeAuthority('front-proxy-ca');
  const proxy = frontProxy.issue({ name: 'front-proxy-client' });
  const path = (name: string) => join(folder, name);
  writeFileSync(path('front-proxy-ca.crt'), frontProxy.ca);
  writeFileSync(path('front-proxy.crt'), proxy.cert);
  writeFileSync(path('front-proxy.key'), proxy.key);
  writeFileSync(path('ca.crt'), authority.ca);
  writeFileSync(path('server.crt'), server.cert);
  writeFileSync(path('server.key'), server.key);
  writeFileSync(path('accounts.crt'), accounts.cert);
  writeFileSync(path('accounts.key'), accounts.key);
  const lines = Object.entries(tokens).map(([user, token]) => `${token},${user},${user}\n`);
  writeFileSync(path('tokens.csv'), ['unused,unused,unused\n', ...lines].join(''));
  return { folder, authority, frontProxy, path, count: 0 };
}

function formatEtcdFlags(data: string, port: number, peer: number): string[] {
  return [
    `--data-dir=${data}`,
    '--unsafe-no-fsync',
    ...['--listen-client-urls', '--advertise-client-urls'].map((flag) => `${flag}=http://127.0.0.1:${port}`),
    ...['--listen-peer-urls', '--initial-advertise-peer-urls'].map(
      (flag) => `${flag}=http://127.0.0.1:${peer}`,
    ),
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
  ];
}

function formatApiFlags({ path }: Files, wishes: ControlPlaneWishes, etcd: number, port: number): string[] {
  return [
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--etcd-compaction-interval=${wishes.compaction ?? '5m'}`,
    `--event-ttl=${wishes.eventTtl ?? '1h'}`,
    '--service-cluster-ip-range=10.99.0.0/16',
    '--authorization-mode=RBAC',
    `--client-ca-file=${path('ca.crt')}`,
    `--tls-cert-file=${path('server.crt')}`,
    `--tls-private-key-file=${path('server.key')}`,
    `--token-auth-file=${path('tokens.csv')}`,
    `--service-account-key-file=${path('accounts.crt')}`,
    `--service-account-signing-key-file=${path('accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--endpoint-reconciler-type=none',
    ...(wishes.apiFlags ?? []),
    ...(wishes.aggregation ? formatAggregationFlags(path) : []),
    // Without controllers there are no service accounts, and Pods would be refused for the lack of theirs.
    ...(wishes.controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
  ];
}

function formatAggregationFlags(path: Files['path']): string[] {
  return [
    `--requestheader-client-ca-file=${path('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${path('front-proxy.crt')}`,
    `--proxy-client-key-file=${path('front-proxy.key')}`,
  ];
}

function formatManagerFlags({ path }: Files, kubeconfig: string, minor: number): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    ...formatCommonFlags(minor),
    `--service-account-private-key-file=${path('accounts.key')}`,
    `--root-ca-file=${path('ca.crt')}`,
    '--use-service-account-credentials=true',
  ];
}

function formatSchedulerFlags(kubeconfig: string, minor: number): string[] {
  return [`--kubeconfig=${kubeconfig}`, ...formatCommonFlags(minor)];
}

/** They serve nothing; the flag for their insecure port went away with 1.24. */
function formatCommonFlags(minor: number): string[] {
  return [
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--secure-port=0',
    ...(minor < 24 ? ['--port=0'] : []),
  ];
}

function readMinor(assets: string): number {
  const version = execFileSync(join(assets, 'kube-apiserver'), ['--version'], { encoding: 'utf8' });
  return Number(/v1\.(\d+)/.exec(version)?.[1] ?? 0);
}

interface Runner {
  /** From here on, a process that ends without `stop` is an error of the test. */
  expectLife(): void;
  start(name: string, flags: readonly string[]): void;
  stop(name: string): Promise<void>;
  /** Why a process ended that should run; undefined when all do. */
  failure(): string | undefined;
}

function createRunner(assets: string, folder: string): Runner {
  const running = new Map<string, ChildProcess>();
  process.once('exit', () => {
    for (const child of running.values()) child.kill('SIGKILL');
  });
  let ready = false;
  const tellEnd = (name: string) => {
    const lines = readFileSync(join(folder, `${name}.log`), 'utf8')
      .trim()
      .split('\n');
    return `${name} ended: ${lines.slice(-20).join('\n')}`;
  };
  return {
    expectLife() {
      ready = true;
    },
    start(name, flags) {
      const log = openSync(join(folder, `${name}.log`), 'a');
      const child = spawn(join(assets, name), flags, { stdio: ['ignore', log, log], cwd: folder });
      closeSync(log);
      running.set(name, child);
      // Else a test waits for what will never come: this fails its file, and says why.
      child.once('exit', () => {
        if (running.get(name) === child && ready) throw new Error(`under the test, ${tellEnd(name)}`);
      });
    },
    async stop(name) {
      const child = running.get(name);
      running.delete(name);
      if (child === undefined || hasEnded(child)) return;
      const ended = once(child, 'exit');
      child.kill();
      const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(impatience);
    },
    failure() {
      const [name] = [...running].find(([, child]) => hasEnded(child)) ?? [];
      return name === undefined ? undefined : tellEnd(name);
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function untilReady(url: string, files: Files, run: Runner): Promise<void> {
  const { cert, key } = files.authority.issue({ name: 'admin', groups: ['system:masters'] });
  const options = { ca: files.authority.ca, cert, key, agent: false } as const;
  for (let end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    const status = await new Promise<number>((resolve) => {
      const sent = request(`${url}/readyz`, options, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', () => resolve(0));
      sent.end();
    });
    if (status === 200) return;
    const failure = run.failure();
    if (failure !== undefined) throw new Error(failure);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the API server did not become ready within ${PATIENCE_MS / 1000} s`);
}

function writeClient(
  files: Files,
  server: string,
  user: { readonly name: string; readonly groups?: readonly string[]; readonly token?: string },
): string {
  const { cert, key } = files.authority.issue({ name: user.name, groups: user.groups ?? [] });
  const identity =
    user.token === undefined
      ? { 'client-certificate-data': toBase64(cert), 'client-key-data': toBase64(key) }
      : { token: user.token };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': toBase64(files.authority.ca) } },
    ],
    users: [{ name: user.name, user: identity }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: user.name } }],
    'current-context': 'test',
  };
  files.count += 1;
  const file = files.path(`${files.count}.kubeconfig`);
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function findPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
