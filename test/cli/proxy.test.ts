import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import type { WireEvent } from '../api-server/event-storage.ts';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import { type ApiServer, startApiServer } from '../api-server/start-api-server.ts';
import { untilStored } from '../listen-harness.ts';
import { ask, read } from '../proxy/ask.ts';
import { type ProxyProcess, startProxyProcess } from '../proxy/start-proxy.ts';
import { makeFolder, runHark } from './start-hark.ts';

interface List {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly WireEvent[];
}

function names(items: readonly WireEvent[]): string[] {
  return items.map(({ metadata }) => metadata.name);
}

suite('hark proxy', () => {
  const recorded = readRecordedEvents('v1.20/b-bad-image').slice(0, 6);
  let server: ApiServer;
  let proxy: ProxyProcess;
  const store = join(makeFolder(), 'events.db');
  let kubeconfig: string;

  before(async () => {
    server = await startApiServer({ events: recorded });
    kubeconfig = server.writeKubeconfig();
    proxy = await startProxyProcess(['--kubeconfig', kubeconfig, '--store', store, '--changes', 'none']);
    await proxy.says(/caught up, listening/);
    await untilStored(
      store,
      ({ events, coverage }) => events.length === recorded.length && coverage.some(({ open }) => open),
    );
  });
  after(() => server.stop());

  test('hands everything on but the reading of Events', async () => {
    const version = await read<{ gitVersion: string }>(proxy.url, '/version');
    assert.equal(version.gitVersion, 'v1.36.2');
    const answer = await ask(proxy.url, '/api/v1/nothing');
    assert.equal(answer.statusCode, 404);
  });

  test('gives each Event once, the live ones as the server wrote them, at the server’s resourceVersion', async () => {
    const list = await read<List>(proxy.url, '/api/v1/events');
    assert.deepEqual(names(list.items).sort(), names(recorded).sort());
    assert.equal(list.metadata.resourceVersion, String(server.storage.revision()));
  });

  test('shows what the server has forgotten, in parts too, and tells no deletion of it', {
    timeout: 120_000,
  }, async () => {
    const [gone, ...kept] = recorded;
    assert.ok(gone !== undefined);
    const { metadata } = await read<List>(proxy.url, '/api/v1/events');
    const watch = await ask(
      proxy.url,
      `/api/v1/events?watch=true&resourceVersion=${metadata.resourceVersion}`,
    );
    server.storage.remove(gone.metadata.namespace, gone.metadata.name);
    await untilStored(store, ({ events }) => events.some(({ deletedAt }) => deletedAt !== undefined));
    const { namespace, name } = gone.metadata;
    const list = await read<List>(proxy.url, `/api/v1/namespaces/${namespace}/events`);
    assert.deepEqual(names(list.items).sort(), names(recorded).sort());
    const one = await read<WireEvent>(proxy.url, `/api/v1/namespaces/${namespace}/events/${name}`);
    assert.equal(one.metadata.name, name);
    assert.equal(one.message, gone.message);

    const inParts: string[] = [];
    for (let token = ''; ; ) {
      const part = await read<List>(proxy.url, `/api/v1/events?limit=2&continue=${token}`);
      assert.ok(part.items.length <= 2);
      inParts.push(...names(part.items));
      token = part.metadata.continue ?? '';
      if (token === '') break;
    }
    assert.deepEqual(inParts, names(list.items));

    const [next] = kept;
    assert.ok(next !== undefined);
    server.storage.write({ ...next, message: 'once more' });
    const [line] = (await once(watch, 'data')) as [Buffer];
    watch.destroy();
    const told = JSON.parse(String(line)) as { type: string; object: WireEvent };
    assert.deepEqual([told.type, told.object.message], ['MODIFIED', 'once more']);
  });

  test('ends in order', async () => {
    const other = await startProxyProcess(['--kubeconfig', kubeconfig, '--no-listen', '--store', store]);
    assert.equal((await ask(other.url, '/version')).statusCode, 200);
    assert.equal((await other.end('SIGINT')).code, 0);
    assert.equal(other.stderr(), '');
  });

  test('shows what another process stores, and says so', async () => {
    const other = await startProxyProcess(['--kubeconfig', kubeconfig, '--store', store]);
    await other.says(/writes to the store .* Showing what it stores, without listening\./);
    const list = await read<List>(other.url, '/api/v1/events');
    assert.deepEqual(names(list.items).sort(), names(recorded).sort());
  });

  test('serves on a socket that its user alone can open', async () => {
    const socketPath = join(makeFolder(), 'proxy.sock');
    const args = ['--kubeconfig', kubeconfig, '--no-listen', '--store', store, '--unix-socket', socketPath];
    const other = await startProxyProcess(args);
    assert.equal(other.url, socketPath);
    assert.equal(statSync(socketPath).mode & 0o777, 0o600);
    const sent = request({ socketPath, path: '/version', headers: { host: 'localhost' }, agent: false });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    assert.equal(answer.statusCode, 200);
    answer.resume();
    await other.end('SIGKILL');
    // What was killed leaves its socket: the next one takes its place.
    await startProxyProcess(args);
  });

  test('says that there is no record, and hands on', async () => {
    const env = { XDG_DATA_HOME: makeFolder() };
    const other = await startProxyProcess(['--kubeconfig', kubeconfig, '--no-listen'], { env });
    await other.says(/There is no record at .*events\.db: only live Events are shown\./);
    assert.ok((await read<List>(other.url, '/api/v1/events')).items.length > 0);
  });
});

test('hark proxy says what is wrong before it serves, with its exit code', async (t) => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const server = await startApiServer();
  t.after(() => server.stop());
  const connected = ['--kubeconfig', server.writeKubeconfig(), '--no-listen'];
  const cases: readonly (readonly [args: readonly string[], code: number, says: RegExp])[] = [
    [
      [...connected, '--port', String(port)],
      2,
      /cannot listen on 127\.0\.0\.1:\d+: something else does already[\s\S]*--port 0/,
    ],
    [['--port', '99999'], 2, /--port "99999" is no port/],
    [['--address', '0.0.0.0'], 2, /--address "0\.0\.0\.0" can be reached by others[\s\S]*ssh -L/],
    [['--accept-paths', '^/api,('], 2, /--accept-paths "\(" is no regular expression/],
    [['--api-prefix', 'custom'], 2, /--api-prefix "custom" is no path/],
    [['--www', 'files'], 2, /hark proxy serves no files.*"files"/],
    [['--from', 'x.json'], 2, /--from "x\.json" has no place here/],
    [['--server', 'http://localhost:1'], 2, /--server "http:\/\/localhost:1" has no place here/],
    [
      ['--unix-socket', 'x.sock', '--port', '1'],
      2,
      /--unix-socket and --port or --address exclude each other/,
    ],
    [['--no-listen', '--retention', '3d'], 2, /--no-listen stores nothing/],
    [['--kubeconfig', 'nowhere'], 2, /nowhere/],
    [[], 3, /there is no kubeconfig/],
    [[...connected, '--context', 'other'], 2, /there is no context "other"/],
  ];
  for (const [args, code, says] of cases) {
    const outcome = await runHark(['proxy', ...args]);
    assert.match(outcome.stderr, says);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.equal(outcome.stdout, '');
  }
});

test('hark proxy serves while the cluster cannot be reached, and says so to who asks', async () => {
  const server = await startApiServer();
  const kubeconfig = server.writeKubeconfig();
  await server.crash();
  const store = join(makeFolder(), 'events.db');
  const proxy = await startProxyProcess(['--kubeconfig', kubeconfig, '--store', store]);
  for (const path of ['/version', '/api/v1/events']) {
    const answer = await ask(proxy.url, path);
    assert.equal(answer.statusCode, 502);
    const status = JSON.parse(await text(answer)) as { kind: string; message: string };
    assert.equal(status.kind, 'Status');
    assert.match(status.message, /cannot reach cluster "double"/);
  }
  await proxy.says(/cannot reach cluster "double"/);
  await server.restart();
  assert.equal((await ask(proxy.url, '/version')).statusCode, 200);
  await server.stop();
});
