import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import type { WireEvent } from '../api-server/event-storage.ts';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import type { Outcome } from '../cli/start-hark.ts';
import { makeFolder } from '../cli/start-hark.ts';
import { untilStored } from '../listen-harness.ts';
import { ask, read } from '../proxy/ask.ts';
import { type ProxyProcess, startProxyProcess } from '../proxy/start-proxy.ts';
import { runProgram } from '../run-program.ts';
import { createRawClient, type RawClient, type RawObject } from './raw-client.ts';
import { type ControlPlane, findControlPlane, NO_CONTROL_PLANE, startControlPlane } from './start.ts';

const assets = findControlPlane();
const FOLDER = makeFolder();
/** What has not come by then will not. */
const PATIENCE_MS = 120_000;

interface List {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly WireEvent[];
}

/** The kubectl that the machine has, and the one of the control plane's own version. */
const KUBECTLS = ['kubectl', join(assets ?? '', 'kubectl')].filter(
  (path) => path === 'kubectl' || existsSync(path),
);

async function kubectl(
  program: string,
  where: readonly string[],
  args: readonly string[],
  input = '',
): Promise<Outcome> {
  return await runProgram(program, [...where, ...args], {
    input,
    env: { PATH: process.env.PATH, HOME: FOLDER, KUBECONFIG: '/dev/null' },
  });
}

function pod(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'registry.example/web:1' }] },
  };
}

function workload(kind: 'Deployment' | 'ReplicaSet', name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'web:1' }] },
      },
    },
  };
}

/** A recorded Event as its emitter would write it of another object, in its namespace. */
function eventOf(
  recorded: WireEvent,
  about: { kind: string; name: string; uid: string; namespace?: string },
  suffix: string,
): WireEvent {
  const { namespace = 'default' } = about;
  return {
    ...recorded,
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${about.name}.${suffix}`, namespace },
    involvedObject: { apiVersion: 'v1', ...about, namespace },
  };
}

function names({ items }: List): string[] {
  return items.map(({ metadata }) => metadata.name);
}

suite('hark proxy on a real control plane', { skip: assets === undefined && NO_CONTROL_PLANE }, () => {
  const [failed, ...others] = readRecordedEvents('v1.20/b-bad-image').filter(
    ({ type }) => type === 'Warning',
  );
  const store = join(makeFolder(), 'events.db');
  let plane: ControlPlane;
  let client: RawClient;
  let proxy: ProxyProcess;
  let through: readonly string[];
  let direct: readonly string[];
  let forgotten: { readonly name: string; readonly uid: string };

  before(async () => {
    plane = await startControlPlane(assets ?? '', { eventTtl: '8s', compaction: '4s' });
    client = createRawClient(plane.kubeconfig);
    proxy = await startProxyProcess(['--kubeconfig', plane.kubeconfig, '--store', store, '--deleted']);
    await proxy.says(/caught up, listening/);
    through = ['--server', proxy.url];
    direct = ['--kubeconfig', plane.kubeconfig];
    assert.ok(failed !== undefined);
    // These expire while other tests run.
    const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    await client.send('POST', '/api/v1/namespaces', shop);
    const about = { kind: 'Pod', name: 'secret', uid: 'made-up' };
    await emit(eventOf(failed, { ...about, namespace: 'shop' }, 'in-shop'));
    await emit(eventOf(failed, about, 'in-default'));
    forgotten = await make('/api/v1/namespaces/default/pods', pod('forgotten'));
    await emit(eventOf(failed, { kind: 'Pod', ...forgotten }, 'expiring'));
  });
  after(async () => {
    client.close();
    await plane.stop();
  });

  async function make(path: string, object: object): Promise<{ name: string; uid: string }> {
    const { name, uid } = (await client.send('POST', path, object)).metadata as unknown as Record<
      string,
      string
    >;
    return { name: name ?? '', uid: uid ?? '' };
  }

  async function emit(event: WireEvent): Promise<RawObject> {
    return await client.send('POST', `/api/v1/namespaces/${event.metadata.namespace}/events`, event);
  }

  async function untilKept(
    name: string,
    isWanted: (deletedAt: number | undefined) => boolean,
  ): Promise<void> {
    await untilStored(store, ({ events }) =>
      events.some((one) => one.event.name === name && isWanted(one.deletedAt)),
    );
  }

  test('kubectl does through it what it does directly', async () => {
    await make('/api/v1/namespaces/default/pods', pod('same'));
    const config = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'made' },
      data: { a: '1' },
    });
    for (const program of KUBECTLS) {
      const made = await kubectl(program, through, ['create', '-f', '-'], config);
      assert.match(made.stdout, /configmap\/made created/, made.stderr);
      const replaced = await kubectl(program, through, ['replace', '-f', '-'], config.replace('"1"', '"2"'));
      assert.match(replaced.stdout, /configmap\/made replaced/, replaced.stderr);
      for (const args of [
        ['get', 'ns', 'default', '-o', 'json'],
        ['get', 'pods', '-A', '-o', 'yaml'],
        ['get', 'pod', 'same', '-o', 'wide', '--no-headers', '-o', 'jsonpath={.metadata.uid}'],
        ['get', 'configmap', 'made', '-o', 'yaml'],
        ['get', 'pods', 'missing'],
        ['api-resources', '-o', 'name'],
        ['auth', 'can-i', 'delete', 'pods'],
        ['get', '--raw', '/healthz'],
        ['get', '--raw', '/api/v1/namespaces/default/pods/same'],
        ['logs', 'same'],
        ['get', '--raw', '/nothing'],
      ]) {
        const [own, straight] = [await kubectl(program, through, args), await kubectl(program, direct, args)];
        assert.equal(own.stdout, straight.stdout, args.join(' '));
        assert.equal(own.stderr, straight.stderr, args.join(' '));
        assert.equal(own.code, straight.code, args.join(' '));
      }
      const gone = await kubectl(program, through, ['delete', 'configmap', 'made']);
      assert.match(gone.stdout, /configmap "made" deleted/);
    }
  });

  test('a list is the server’s own Events at its own resourceVersion, and a watch from there tells each later one once', {
    timeout: PATIENCE_MS,
  }, async () => {
    assert.ok(failed !== undefined && others[0] !== undefined);
    const about = await make('/api/v1/namespaces/default/pods', pod('watched'));
    await emit(eventOf(failed, { kind: 'Pod', ...about }, 'before'));
    await untilKept('watched.before', () => true);
    const list = await read<List>(proxy.url, '/api/v1/namespaces/default/events');
    const straight = (await client.send('GET', '/api/v1/namespaces/default/events')) as unknown as List;
    for (const item of straight.items) {
      const own = list.items.find(({ metadata }) => metadata.name === item.metadata.name);
      assert.deepEqual(own, item);
    }
    const watch = await ask(
      proxy.url,
      `/api/v1/namespaces/default/events?watch=true&resourceVersion=${list.metadata.resourceVersion}`,
    );
    const lines = createInterface({ input: watch })[Symbol.asyncIterator]();
    await emit(eventOf(others[0], { kind: 'Pod', ...about }, 'later'));
    // Deleted by a person, kept by the record: a watch tells no end of it.
    await client.send('DELETE', '/api/v1/namespaces/default/events/watched.before');
    await emit(eventOf(failed, { kind: 'Pod', ...about }, 'last'));
    await untilKept('watched.last', () => true);
    const told: string[] = [];
    while (told.at(-1) !== 'ADDED watched.last') {
      const { type, object } = JSON.parse((await lines.next()).value as string) as {
        type: string;
        object: WireEvent;
      };
      told.push(`${type} ${object.metadata.name}`);
    }
    watch.destroy();
    assert.deepEqual(told, ['ADDED watched.later', 'ADDED watched.last']);
    const form = await read<List>(proxy.url, '/apis/events.k8s.io/v1/namespaces/default/events');
    assert.ok(names(form).includes('watched.before'));

    // One that begins with all there is has the same beginning as a list.
    const begun = await ask(
      proxy.url,
      '/api/v1/events?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
    );
    const beginning: string[] = [];
    for await (const line of createInterface({ input: begun })) {
      const { type, object } = JSON.parse(line) as { type: string; object: WireEvent };
      if (type === 'BOOKMARK') break;
      assert.equal(type, 'ADDED');
      beginning.push(object.metadata.name);
    }
    begun.destroy();
    assert.ok(beginning.includes('watched.before') && beginning.includes('watched.last'));
    assert.equal(new Set(beginning).size, beginning.length);
  });

  test('kubectl describe and get show an Event that the API server has forgotten', async () => {
    assert.ok(failed !== undefined);
    const event = eventOf(failed, { kind: 'Pod', ...forgotten }, 'expiring');
    await untilKept(event.metadata.name, (deletedAt) => deletedAt !== undefined);
    const straight = await client.send(
      'GET',
      '/api/v1/namespaces/default/events/forgotten.expiring',
      undefined,
      [404],
    );
    assert.equal(straight.kind, 'Status');
    const message = String(event.message).trim();
    for (const program of KUBECTLS) {
      for (const args of [
        ['describe', 'pod', 'forgotten'],
        ['get', 'events'],
        ['get', 'events', '-A', '--chunk-size', '1'],
        ['get', 'event', 'forgotten.expiring', '-o', 'yaml'],
        ['get', 'events', '--field-selector', 'involvedObject.name=forgotten'],
      ]) {
        const { stdout, stderr } = await kubectl(program, through, args);
        assert.ok(
          stdout.replace(/\s+/g, ' ').includes(message.slice(0, 40)),
          `${args.join(' ')}: ${stdout}${stderr}`,
        );
      }
      const none = await kubectl(program, through, [
        'get',
        'events',
        '--field-selector',
        'involvedObject.name=other',
      ]);
      assert.equal(none.stdout, '');
      const asked = ['get', 'events', '--field-selector', 'nothing=other'];
      const [own, refused] = [await kubectl(program, through, asked), await kubectl(program, direct, asked)];
      assert.equal(own.stderr, refused.stderr);
      assert.equal(own.code, refused.code);
    }
  });

  test('the paths of old begin with what the API server has forgotten, and go on with what is new', {
    timeout: PATIENCE_MS,
  }, async () => {
    assert.ok(failed !== undefined);
    await untilKept('forgotten.expiring', (deletedAt) => deletedAt !== undefined);
    const about = await make('/api/v1/namespaces/default/pods', pod('of-old'));
    for (const [number, path] of [
      '/api/v1/watch/events',
      '/api/v1/watch/namespaces/default/events',
      '/apis/events.k8s.io/v1/watch/namespaces/default/events',
    ].entries()) {
      const told = await readWatch(path, 'forgotten.expiring');
      await emit(eventOf(failed, { kind: 'Pod', ...about }, `new-${number}`));
      await told.until(`of-old.new-${number}`);
      told.end();
    }
    // Of one, by its name: that and no other.
    const one = await readWatch(
      '/api/v1/watch/namespaces/default/events/forgotten.expiring',
      'forgotten.expiring',
    );
    assert.deepEqual(one.names, ['forgotten.expiring']);
    one.end();
  });

  /** Reads the names that a watch tells, until one of them. */
  async function readWatch(path: string, first: string) {
    const answer = await ask(proxy.url, path);
    assert.equal(answer.statusCode, 200, path);
    const lines = createInterface({ input: answer })[Symbol.asyncIterator]();
    const names: string[] = [];
    const until = async (name: string) => {
      while (!names.includes(name)) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${path} ended without ${name}: ${names.join(', ')}`);
        names.push((JSON.parse(value as string) as { object: WireEvent }).object.metadata.name);
      }
    };
    await until(first);
    return { names, until, end: () => answer.destroy() };
  }

  test('a user sees of the record what the API server lets it list, and nothing else', async () => {
    assert.ok(failed !== undefined);
    for (const name of ['secret.in-shop', 'secret.in-default'])
      await untilKept(name, (deletedAt) => deletedAt !== undefined);
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
    await client.send('POST', `${rbac}/roles`, {
      metadata: { name: 'reader' },
      rules: [{ apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] }],
    });
    await client.send('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }],
    });
    const kubeconfig = plane.writeKubeconfig({ name: 'jane' });
    const janes = await startProxyProcess([
      '--kubeconfig',
      kubeconfig,
      '--store',
      store,
      '--no-listen',
      '--deleted',
    ]);
    for (const path of [
      '/api/v1/events',
      '/api/v1/namespaces/default/events',
      '/api/v1/namespaces/default/events?limit=1',
      '/api/v1/namespaces/default/events?watch=true',
      '/api/v1/namespaces/default/events/secret.in-default',
      '/apis/events.k8s.io/v1/namespaces/shop/events',
      '/apis/events.k8s.io/v1/events',
      '/api/v1/namespaces/default/pods/same',
    ]) {
      const answer = await ask(janes.url, path);
      const body = await text(answer);
      assert.equal(answer.statusCode, 403, `${path}: ${body}`);
      assert.ok(!body.includes(String(failed.message).slice(0, 30)), body);
    }
    // She may not read who the cluster is: then the record of it cannot be told from others', and is not shown.
    const list = await read<List>(janes.url, '/api/v1/namespaces/shop/events');
    assert.deepEqual(names(list), []);
    await client.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      metadata: { name: 'who' },
      rules: [{ apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] }],
    });
    await client.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'who' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'who' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }],
    });
    const knowing = await startProxyProcess(['--kubeconfig', kubeconfig, '--store', store, '--no-listen']);
    assert.deepEqual(names(await read<List>(knowing.url, '/api/v1/namespaces/shop/events')), [
      'secret.in-shop',
    ]);
    const refused = await ask(knowing.url, '/api/v1/namespaces/default/events');
    assert.equal(refused.statusCode, 403);
    refused.resume();
  });

  test('--deleted answers get and describe of a Pod, a ReplicaSet and a Deployment that are gone', async () => {
    const gone = [
      ['pod', '/api/v1/namespaces/default/pods', pod('gone')],
      ['deployment', '/apis/apps/v1/namespaces/default/deployments', workload('Deployment', 'gone')],
      ['replicaset', '/apis/apps/v1/namespaces/default/replicasets', workload('ReplicaSet', 'gone')],
    ] as const;
    for (const [, path, object] of gone) await make(path, object);
    const now = await kubectl('kubectl', through, ['get', 'pod', 'gone', '-o', 'json']);
    assert.doesNotMatch(now.stdout, /hark\.dev/);
    for (const [, path] of gone) await client.send('DELETE', `${path}/gone?gracePeriodSeconds=0`);
    for (const [kind, path] of gone) {
      const restored = await untilDeleted(`${path}/gone`);
      assert.equal(restored.metadata.deletionTimestamp, restored.metadata.annotations['hark.dev/deleted']);
      for (const program of KUBECTLS) {
        const row = await kubectl(program, through, ['get', kind, 'gone']);
        assert.match(row.stdout, /^NAME +STATUS +DELETED +AGE\ngone +Deleted +\S+ ago +\S+\n$/, row.stderr);
        const told = await kubectl(program, through, ['describe', kind, 'gone']);
        assert.match(told.stdout, /hark\.dev\/deleted: /, told.stderr);
        assert.match(told.stdout, /Image: +(?:registry\.example\/)?web:1/);
        const list = await kubectl(program, through, ['get', kind]);
        assert.doesNotMatch(list.stdout, /gone/);
      }
    }
    // What makes what is missing is told that it is missing.
    const applied = await kubectl('kubectl', through, ['apply', '-f', '-'], JSON.stringify(pod('gone')));
    assert.match(applied.stdout, /pod\/gone created/, applied.stderr);
  });

  test('--deleted shows a Pod as it was last, with how its container ended and nothing that may be secret', async () => {
    const { spec, ...rest } = pod('ended') as { spec: { containers: object[] } };
    const env = [{ name: 'PASSWORD', value: 's3cret' }];
    const containers = spec.containers.map((one) => ({ ...one, env, command: ['serve', '--fast'] }));
    const path = '/api/v1/namespaces/default/pods';
    const made = await client.send('POST', path, {
      ...rest,
      spec: { containers, nodeSelector: { pool: 'a' } },
    });
    const terminated = { exitCode: 137, reason: 'OOMKilled', startedAt: '2026-11-24T03:00:00Z' };
    const main = { name: 'main', image: 'web:1', imageID: 'x', ready: false, restartCount: 4 };
    const status = { phase: 'Failed', containerStatuses: [{ ...main, state: { terminated } }] };
    await client.send('PUT', `${path}/ended/status`, { ...made, status });
    await client.send('DELETE', `${path}/ended?gracePeriodSeconds=0`);
    const restored = await untilDeleted(`${path}/ended`);
    const { uid } = made.metadata as { uid?: string };
    assert.equal((restored.metadata as { uid?: string }).uid, uid);
    assert.ok(!JSON.stringify(restored).includes('s3cret'));
    assert.equal((restored as { spec?: { nodeSelector?: { pool?: string } } }).spec?.nodeSelector?.pool, 'a');
    for (const program of KUBECTLS) {
      const told = await kubectl(program, through, ['describe', 'pod', 'ended']);
      for (const line of [
        /Exit Code: +137/,
        /Reason: +OOMKilled/,
        /Restart Count: +4/,
        /PASSWORD: +\(not kept by Hark\)/,
        /Node-Selectors: +pool=a/,
        /--fast/,
        /hark\.dev\/deleted: /,
      ])
        assert.match(told.stdout, line, told.stderr);
      const yaml = await kubectl(program, through, ['get', 'pod', 'ended', '-o', 'yaml']);
      assert.match(yaml.stdout, /exitCode: 137/, yaml.stderr);
      assert.match(yaml.stdout, /priority: 0|terminationGracePeriodSeconds: 30/);
    }
  });

  interface Restored {
    readonly metadata: {
      readonly deletionTimestamp: string;
      readonly annotations: Readonly<Record<string, string>>;
    };
  }

  /** Asks until the record knows that it is gone. */
  async function untilDeleted(path: string): Promise<Restored> {
    for (const end = performance.now() + PATIENCE_MS; ; ) {
      const answer = await ask(proxy.url, path);
      const body = await text(answer);
      const object = JSON.parse(body) as Restored;
      if (answer.statusCode === 200 && object.metadata.annotations?.['hark.dev/deleted'] !== undefined)
        return object;
      if (performance.now() > end) throw new Error(`not known to be deleted: ${body}`);
    }
  }
});
