import { request as requestPlain } from 'node:http';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Cluster } from '../../src/kube/cluster.ts';
import { createClock } from '../../src/lib/clock.ts';
import { SECOND, wallClock } from '../../src/lib/time.ts';
import type { AuditLog } from '../../src/server/access/audit-log.ts';
import type { AccessSetup } from '../../src/server/access/guard-served.ts';
import type { ServerOptions } from '../../src/server/open-server.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { type ApiServer, startApiServer } from '../api-server/start-api-server.ts';
import { runHere } from '../cli/run-here.ts';
import { makeFolder } from '../cli/start-hark.ts';
import { type StartedServer, serveStore } from './start-server.ts';

export const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');

/** What was answered, whatever the status. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A store that a file was imported into, and the uid of its one cluster. */
export async function importInto(file: string, cluster = 'demo'): Promise<{ file: string; uid: string }> {
  const store = join(makeFolder(), 'events.db');
  const { code, stderr } = await runHere(['import', file, '--cluster', cluster, '--store', store]);
  if (code !== 0) throw new Error(stderr);
  const reader = openSqliteStore({ file: store, mode: 'read' });
  const [info] = await reader.readClusters();
  await reader.close();
  return { file: store, uid: info?.uid ?? '' };
}

/** Of a store, what one namespace holds, in a store of its own. */
export async function cutNamespace(store: string, namespace: string): Promise<string> {
  const folder = makeFolder();
  const [lines, cut] = [join(folder, 'cut.jsonl.gz'), join(folder, 'events.db')];
  for (const args of [
    ['export', lines, '-n', namespace, '--store', store],
    ['import', lines, '--store', cut],
  ]) {
    const { code, stderr } = await runHere(args);
    if (code !== 0) throw new Error(stderr);
  }
  return cut;
}

/** Serves a store whose file is there; it ends with the test file. */
export async function serveFile(file: string, options: Partial<ServerOptions> = {}): Promise<StartedServer> {
  return await serveStore(openSqliteStore({ file, mode: 'write' }), file, options);
}

/** A double of an API server that ends with the test file. */
export async function startReviewer(kubeSystemUid: string): Promise<ApiServer> {
  const server = await startApiServer({ kubeSystemUid });
  after(() => server.stop());
  return server;
}

/** What the server is told of who is asked; nothing is believed for longer than a moment unless it is said. */
export function setUpAccess(
  clusters: readonly [Cluster, ...Cluster[]],
  more: Partial<AccessSetup> = {},
): { readonly access: AccessSetup; readonly clock: ReturnType<typeof createClock> } {
  const trust = { tls: undefined, clients: undefined, frontProxy: undefined };
  const moment = SECOND;
  const access = {
    clusters,
    audiences: [],
    believeFor: { tokens: moment, allowed: moment, denied: moment },
    trust,
    readTrust: () => Promise.resolve(trust),
    ...more,
  };
  after(() => {
    for (const cluster of clusters) cluster.close();
  });
  return { access, clock: createClock(wallClock) };
}

/** An audit log that is kept in memory. */
export function keepAudit(): {
  readonly audit: AuditLog;
  readonly entries: Parameters<AuditLog['write']>[0][];
} {
  const entries: Parameters<AuditLog['write']>[0][] = [];
  return { entries, audit: { write: (entry) => void entries.push(entry), lost: () => 0 } };
}

/** Asks with a path that is sent as it is, which `fetch` would tidy up. */
export function ask(
  url: string,
  path: string,
  headers: Readonly<Record<string, string | string[]>> = {},
  method = 'GET',
): Promise<Answered> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = requestPlain({ hostname, port, path, method, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

const PATIENCE_MS = 120_000;

/** Asks until it is so. */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const since = performance.now(); !(await isSo()); ) {
    if (performance.now() - since > PATIENCE_MS)
      throw new Error(`not seen in ${PATIENCE_MS / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
