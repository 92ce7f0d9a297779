import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { connectWithGate } from '../../src/kube/connect.ts';
import { createClock } from '../../src/lib/clock.ts';
import { type Micros, SECOND } from '../../src/lib/time.ts';
import { openProxy } from '../../src/proxy/open-proxy.ts';
import type { ProxyRules } from '../../src/proxy/proxy-rules.ts';
import { makeAuthority } from '../api-server/make-certificates.ts';
import { createKubeconfigWriter } from '../api-server/write-kubeconfig.ts';

/** A proxy in this process, before a TLS server of the test's own that does what the test says. */
export interface Proxied {
  readonly url: string;
  readonly port: number;
  readonly kubeconfig: string;
  /** The TLS server: for `upgrade`. */
  readonly server: ReturnType<typeof createServer>;
  /** Closes the TLS server's port and every connection to it. */
  crash(): Promise<void>;
}

export interface ProxiedWishes {
  readonly user?: object;
  /** The path of the server's URL. */
  readonly serverPath?: string;
  readonly rules?: ProxyRules;
  readonly prefix?: string;
}

const NOW: Micros = Date.UTC(2026, 10, 24) * 1000;
const authority = makeAuthority();
const keys = authority.issue({ name: 'kube-apiserver', hosts: ['127.0.0.1', 'localhost'] });

/** Starts both; the test's end ends them. */
export async function startProxied(
  t: TestContext,
  handle: (message: IncomingMessage, response: ServerResponse) => void,
  { user = { token: 'its-own' }, serverPath = '', rules, prefix = '/' }: ProxiedWishes = {},
): Promise<Proxied> {
  const server = createServer({ ...keys, allowHalfOpen: true }, handle);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const crash = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  t.after(crash);
  const kubeconfigs = createKubeconfigWriter();
  t.after(() => kubeconfigs.removeAll());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}${serverPath}`;
  const kubeconfig = kubeconfigs.write({ server: url, ca: authority.ca, user });
  const clock = createClock(() => NOW);
  const { cluster, gate } = await connectWithGate({ kubeconfig, env: {}, cwd: '/', clock });
  t.after(() => cluster.close());
  const proxy = await openProxy({
    address: { host: '127.0.0.1', port: 0 },
    upstream: { gate, clock, keepAlive: 30 * SECOND },
    rules,
    prefix,
    report: (error) => {
      throw error;
    },
  });
  const stop = new AbortController();
  const running = proxy.run(stop.signal);
  t.after(async () => {
    stop.abort();
    await running;
  });
  const port = Number(proxy.place.split(':').at(-1));
  return { url: `http://${proxy.place}`, port, kubeconfig, server, crash };
}
