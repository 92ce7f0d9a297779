import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { parseEvent } from '../../src/events/parse-event.ts';
import { parseTime } from '../../src/lib/parse-time.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import { type ApiServer, startApiServer } from '../api-server/start-api-server.ts';
import { homeOf, makeFolder, readAll, runHark, startHark, waitForEnd } from './start-hark.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');
const NAMESPACE = 'bad-image';
const RECORDED = readRecordedEvents('v1.36/b-bad-image').filter(
  ({ metadata }) => metadata.namespace === NAMESPACE,
);
const NOW = '2026-11-23T17:00:00Z';

/** Collects what a stream says, and resolves when it has said something. */
function listenTo(stream: Readable): { text: () => string; until: (pattern: RegExp) => Promise<void> } {
  let text = '';
  const bell = new EventTarget();
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    bell.dispatchEvent(new Event('change'));
  });
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(text) && resolve();
      bell.addEventListener('change', look);
      stream.once('close', () => reject(new Error(`ended without ${pattern}: ${text}`)));
      look();
    });
  return { text: () => text, until };
}

function makeEvent(name: string, uid: string, at: string) {
  return {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name, namespace: NAMESPACE, uid: `uid-of-${name}` },
    involvedObject: { kind: 'Pod', namespace: NAMESPACE, name: 'web-0', uid, apiVersion: 'v1' },
    type: 'Warning',
    reason: 'Tested',
    message: `about ${uid}`,
    source: { component: 'test' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}

const ROLLOUT_EVENT = {
  ...makeEvent('canary.1', 'x', '2026-11-23T16:40:00Z'),
  involvedObject: {
    kind: 'Rollout',
    apiVersion: 'argoproj.io/v1alpha1',
    namespace: NAMESPACE,
    name: 'canary',
    uid: 'x',
  },
  message: 'about a rollout',
};

describe('hark on a live cluster', { concurrency: 2 }, () => {
  let server: ApiServer;
  let cluster: string[];
  before(async () => {
    server = await startApiServer({
      customKinds: [
        {
          group: 'argoproj.io',
          version: 'v1alpha1',
          kind: 'Rollout',
          plural: 'rollouts',
          namespaced: true,
          shortNames: ['ro'],
        },
      ],
      events: [
        ...RECORDED,
        ROLLOUT_EVENT,
        makeEvent('web-0.1', 'living', '2026-11-23T16:50:00Z'),
        makeEvent('web-0.2', 'other', '2026-11-23T16:55:00Z'),
      ],
      objects: [
        { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web-0', namespace: NAMESPACE, uid: 'living' } },
      ],
    });
    cluster = ['--kubeconfig', server.writeKubeconfig({}, {}, NAMESPACE), '--now', NOW];
  });
  after(() => server.stop());

  test('events lists the namespace of the context, of -n, or all', async () => {
    const [own, other, all] = await Promise.all([
      runHark(['events', ...cluster, '-o', 'name']),
      runHark(['events', ...cluster, '-n', 'elsewhere']),
      runHark(['events', ...cluster, '-A']),
    ]);
    assert.equal(own?.stderr, '');
    assert.deepEqual(
      own?.stdout.trimEnd().split('\n').toSorted(),
      [
        ...RECORDED.map(({ metadata }) => `event/${metadata.name}`),
        'event/canary.1',
        'event/web-0.1',
        'event/web-0.2',
      ].toSorted(),
    );
    assert.equal(other?.code, 1);
    assert.equal(other?.stderr, 'No events found in elsewhere namespace.\n');
    assert.match(all?.stdout ?? '', /^NAMESPACE {2}.*\nbad-image /);
  });

  test('an empty answer names the clusters that were imported, and how to read them', async () => {
    const env = homeOf(makeFolder());
    const imported = await runHark(['import', DEMO, '--cluster', 'last night'], { env });
    assert.equal(imported.code, 0);
    const command = "hark events -A --context 'last night'";
    for (const asked of [
      ['events'],
      ['story'],
      ['why'],
      ['describe', 'pod/nobody'],
      ['story', 'pod/nobody'],
    ]) {
      const { code, stderr } = await runHark([...asked, ...cluster, '-n', 'elsewhere'], { env });
      assert.ok(stderr.endsWith(`\nThe store also holds cluster "last night": ${command}\n`), stderr);
      assert.equal(code, asked[0] === 'why' ? 0 : 1);
    }
    const read = await runHark(['events', ...cluster, '-A', '--limit', '1', '--context', 'last night'], {
      env,
    });
    assert.equal(read.code, 0);
    assert.match(read.stdout, /podinfo-5c5dff7b9b-2dcz9/);
  });

  test('a finding has the same id from the cluster, from the store and from a file that tells its cluster', async (t) => {
    const events = readRecordedEvents('v1.36/c-crashloop');
    const uid = '11111111-2222-4333-8444-555555555555';
    const crashing = await startApiServer({ kubeSystemUid: uid, events });
    t.after(() => crashing.stop());
    const folder = makeFolder();
    const env = homeOf(folder);
    const file = join(folder, 'dump.json');
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespace, ...events] }));
    assert.equal((await runHark(['import', file], { env })).code, 0);
    const ids = async (...args: string[]) => {
      const flags = ['-n', 'crashloop', '-o', 'json', '--now', '2026-11-23T15:50:00Z'];
      const { stdout } = await runHark(['why', ...flags, ...args], { env });
      const { findings } = JSON.parse(stdout) as { findings: { id: string }[] };
      return findings.map(({ id }) => id).sort();
    };
    const kubeconfig = ['--kubeconfig', crashing.writeKubeconfig({}, {}, 'crashloop')];
    const [live, stored, read] = await Promise.all([ids(...kubeconfig), ids(), ids('--from', file)]);
    assert.ok(live.length > 4);
    assert.deepEqual(stored, live);
    assert.deepEqual(read, live);
  });

  test('describe goes by the uid of the living object', async () => {
    const { code, stdout, stderr } = await runHark(['describe', 'pod', 'web-0', ...cluster]);
    assert.equal(code, 0);
    assert.ok(stdout.includes('about living') && !stdout.includes('about other'), stdout);
    assert.match(stderr, /^1 more Event is of an earlier pod\/web-0 with another uid, last seen 5m ago: /);
  });

  test('the cluster is asked what a kind means that is not of Kubernetes itself', async () => {
    const [short, group, described] = await Promise.all([
      runHark(['events', ...cluster, '--for', 'ro/canary', '-o', 'name']),
      runHark(['events', ...cluster, '--kind', 'rollouts.argoproj.io', '-o', 'name']),
      runHark(['describe', ...cluster, 'ro', 'canary']),
    ]);
    for (const outcome of [short, group]) assert.equal(outcome?.stdout, 'event/canary.1\n');
    assert.match(described?.stdout ?? '', /about a rollout$/m);
  });

  test('completion knows its namespaces, objects, reasons and contexts', async () => {
    const ask = async (...words: string[]) =>
      (await runHark(['__complete', ...words], { env: { HARK_COMPLETION_TIMEOUT: '60s' } })).stdout;
    const [namespaces, pods, reasons, contexts] = await Promise.all([
      ask('events', ...cluster, '-n', 'bad'),
      ask('describe', ...cluster, 'pod/we'),
      ask('events', ...cluster, '--reason', 'Test'),
      ask('events', ...cluster, '--context', ''),
    ]);
    assert.equal(namespaces, 'bad-image\n:4\n');
    assert.equal(pods, 'pod/web-0\n:4\n');
    assert.equal(reasons, 'Tested\n:4\n');
    assert.equal(contexts, 'double\n:4\n');
  });

  test('completion knows the names too that only the record has of the cluster', async () => {
    const folder = makeFolder();
    const env = { ...homeOf(folder), HARK_COMPLETION_TIMEOUT: '60s' };
    const file = join(folder, 'events.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: RECORDED }));
    assert.equal((await runHark(['import', file, '--cluster', 'double'], { env })).code, 0);
    const { stdout } = await runHark(['__complete', 'events', ...cluster, '--for', 'pod/'], { env });
    const names = stdout.trimEnd().split('\n');
    assert.ok(names.includes('pod/web-0'), stdout);
    assert.ok(
      names.some((name) => name.startsWith('pod/podinfo-')),
      stdout,
    );
    const other = await runHark(['__complete', 'events', ...cluster, '-n', 'other', '--for', 'pod/'], {
      env,
    });
    assert.doesNotMatch(other.stdout, /podinfo/);
  });

  test('a mistyped context is answered with those there are, and exits 2', async () => {
    const { code, stderr } = await runHark(['events', ...cluster, '--context', 'doubel']);
    assert.equal(code, 2);
    assert.match(stderr, /^hark: .*doubel.*/);
    assert.match(stderr, /double\b/);
  });
});

describe('hark events -w', () => {
  test('goes on with what an object comes to own, and with nothing else', async () => {
    const isOfNewest = ({ involvedObject }: (typeof RECORDED)[number]) =>
      (involvedObject as { name: string }).name.startsWith('podinfo-64d688f5d9');
    const [known, later] = [RECORDED.filter((event) => !isOfNewest(event)), RECORDED.filter(isOfNewest)];
    const server = await startApiServer({ events: known });
    const kubeconfig = server.writeKubeconfig({}, {}, NAMESPACE);
    const child = startHark([
      ...['events', '-w', '-o', 'name', '--for', 'deploy/podinfo', '--limit', '2'],
      ...['--kubeconfig', kubeconfig],
    ]);
    const [stdout, ended] = [listenTo(child.stdout), waitForEnd(child)];
    await server.watching();
    server.storage.write(makeEvent('stranger', 'x', '2026-11-23T17:00:01Z'));
    for (const event of later) server.storage.write(event);
    const last = later.at(-1)?.metadata.name ?? assert.fail();
    await stdout.until(new RegExp(`event/${last}\n`));
    child.kill('SIGINT');
    assert.deepEqual(await ended, { code: 0, signal: null });
    const names = stdout.text().trimEnd().split('\n');
    assert.equal(names.length, 2 + later.length);
    assert.ok(!names.includes('event/stranger'));
    await server.stop();
  });

  test('prints what there is, then what happens, over a broken connection too, and ends with 0 on Ctrl-C', async () => {
    const server = await startApiServer({ events: RECORDED.slice(0, 5) });
    const child = startHark([
      'events',
      '-w',
      '-o',
      'name',
      '--kubeconfig',
      server.writeKubeconfig({}, {}, NAMESPACE),
    ]);
    const [stdout, ended] = [listenTo(child.stdout), waitForEnd(child)];
    await server.watching();
    server.storage.write(makeEvent('live-1', 'x', '2026-11-23T17:00:01Z'));
    await stdout.until(/event\/live-1\n/);
    server.endWatches('cut');
    await server.seen('watch', 2);
    await server.watching();
    server.storage.write(makeEvent('live-2', 'x', '2026-11-23T17:00:02Z'));
    await stdout.until(/event\/live-2\n/);
    child.kill('SIGINT');
    assert.deepEqual(await ended, { code: 0, signal: null });
    const names = stdout.text().trimEnd().split('\n');
    assert.deepEqual(
      names.slice(0, 5).toSorted(),
      RECORDED.slice(0, 5)
        .map(({ metadata }) => `event/${metadata.name}`)
        .toSorted(),
    );
    assert.deepEqual(names.slice(5), ['event/live-1', 'event/live-2']);
    await server.stop();
  });

  test('prints repeats of an Event, and only what the flags want', async () => {
    const server = await startApiServer({ events: [] });
    const flags = [
      '--reason',
      'Tested',
      '--now',
      NOW,
      '--kubeconfig',
      server.writeKubeconfig({}, {}, NAMESPACE),
    ];
    const child = startHark(['events', '-w', ...flags]);
    const [stdout, ended] = [listenTo(child.stdout), waitForEnd(child)];
    await server.watching();
    const event = makeEvent('live', 'x', '2026-11-23T16:59:00Z');
    server.storage.write({ ...event, metadata: { ...event.metadata, name: 'unwanted' }, reason: 'Other' });
    server.storage.write(event);
    await stdout.until(/60s +Warning +Tested +pod\/web-0/);
    server.storage.write({ ...event, count: 7, lastTimestamp: '2026-11-23T16:59:50Z' });
    await stdout.until(/10s \(x7 over 60s\) +Warning +Tested +pod\/web-0/);
    assert.ok(!stdout.text().includes('Other'));
    child.kill('SIGTERM');
    assert.deepEqual(await ended, { code: 0, signal: null });
    await server.stop();
  });
});

describe('hark on a cluster that refuses', { concurrency: 2 }, () => {
  test('exits 4 and says what is not allowed', async () => {
    const server = await startApiServer({ events: RECORDED.slice(0, 5) });
    server.allow(({ events }) => events === undefined);
    const { code, stdout, stderr } = await runHark([
      'events',
      '--kubeconfig',
      server.writeKubeconfig({}, {}, NAMESPACE),
    ]);
    assert.equal(code, 4);
    assert.equal(stdout, '');
    assert.match(stderr, /^hark: .*bad-image.*\n {2}.+/s);
    await server.stop();
  });

  test('exits 3 and names the server when it cannot be reached', async () => {
    const server = await startApiServer();
    const kubeconfig = server.writeKubeconfig();
    await server.crash();
    const [events, described] = await Promise.all([
      runHark(['events', '--kubeconfig', kubeconfig]),
      runHark(['describe', 'pod/x', '--kubeconfig', kubeconfig]),
    ]);
    for (const outcome of [events, described]) {
      assert.equal(outcome?.code, 3);
      assert.ok(outcome?.stderr.startsWith('hark: ') && outcome.stderr.includes(server.url), outcome?.stderr);
    }
    await server.stop();
  });
});

describe('hark when interrupted', { concurrency: 2 }, () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`stops waiting for the cluster and exits ${code} on ${signal}`, async () => {
      const server = await startApiServer({ events: RECORDED });
      server.script('list', { hang: true });
      const child = startHark(['events', '--kubeconfig', server.writeKubeconfig({}, {}, NAMESPACE)]);
      const [ended, stderr] = [waitForEnd(child), readAll(child.stderr)];
      child.stdout.resume();
      await server.seen('list');
      child.kill(signal);
      assert.deepEqual(await ended, { code, signal: null });
      assert.equal(await stderr, '');
      await server.stop();
    });
  }

  test('exits at once on a second signal, though its output is not taken', async () => {
    const server = await startApiServer({ events: readRecordedEvents('v1.36/z-mixed-all-namespaces') });
    const child = startHark(['events', '-A', '-o', 'json', '--kubeconfig', server.writeKubeconfig()]);
    const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    child.kill('SIGINT');
    child.kill('SIGTERM');
    // Two signals that wait for a busy process are handled in either order.
    const { code, signal } = (await exited) as { code: number; signal: string | null };
    assert.ok(code === 130 || code === 143, `exit code ${code}`);
    assert.equal(signal, null);
    child.stdout.destroy();
    await server.stop();
  });
});

test('hark events tells, under its table, when nobody was listening in the asked time', async () => {
  const file = join(makeFolder(), 'record.db');
  const store = openSqliteStore({ file, mode: 'write' });
  const from = parseTime('2026-11-23T10:00:00Z', '');
  const event = parseEvent(makeEvent('web-0.1', 'x', '2026-11-23T10:05:00Z'));
  await store.write({
    cluster: { uid: 'c', name: 'prod', version: '' },
    sightings: [{ event, deleted: false, at: from + 5 * MINUTE }],
    coverage: [
      { namespace: '', from, to: from + 10 * MINUTE, close: true },
      { namespace: '', from: from + 40 * MINUTE, to: from + 60 * MINUTE, close: true },
    ],
  });
  await store.close();
  const { code, stdout, stderr } = await runHark([
    'events',
    '-A',
    '--store',
    file,
    '--now',
    '2026-11-23T11:00:00Z',
    '--since',
    '1h',
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /^bad-image +55m +Warning +Tested +pod\/web-0 +about x$/m);
  assert.match(stderr, /^Gap: not listening from 2026-11-23T10:10:00Z to 2026-11-23T10:40:00Z \(30m\): /m);
});

test('hark describe tells gaps in the life of an object, and not that listening began after it', async () => {
  const file = join(makeFolder(), 'record.db');
  const store = openSqliteStore({ file, mode: 'write' });
  const from = parseTime('2026-11-23T10:10:00Z', '');
  const event = parseEvent(makeEvent('web-0.1', 'x', '2026-11-23T10:05:00Z'));
  const coverage = [
    { namespace: '', from, to: from + 10 * MINUTE, close: true },
    { namespace: '', from: from + 40 * MINUTE, to: from + 60 * MINUTE, close: true },
  ];
  const cluster = { uid: 'c', name: 'prod', version: '' };
  await store.write({ cluster, sightings: [{ event, deleted: false, at: from }], coverage });
  await store.close();
  const { code, stderr } = await runHark(['describe', 'pod/web-0', '-n', 'bad-image', '--store', file]);
  assert.equal(code, 0);
  assert.deepEqual(stderr.match(/^Gap: not listening.*?Z to/gm), [
    'Gap: not listening in namespace bad-image from 2026-11-23T10:20:00Z to',
  ]);
});
