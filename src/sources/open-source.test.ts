import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { readRecordedEvents, readRecordedUpdates } from '../../test/api-server/read-recorded-events.ts';
import { type ApiServer, startApiServer } from '../../test/api-server/start-api-server.ts';
import { makeTempDirectory } from '../../test/dump-layouts.ts';
import { recordingPath } from '../../test/read-recording.ts';
import type { RecordedEvent } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { EventQuery } from '../events/query.ts';
import { HOUR } from '../lib/time.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { openSource, type Source, type SourceOptions } from './open-source.ts';

const SCENARIO = 'v1.36/b-bad-image';
const EVENTS = readRecordedEvents(SCENARIO);
const UPDATES = readRecordedUpdates(SCENARIO);
const NAMESPACE = 'bad-image';
const NOW = Date.UTC(2026, 10, 23, 16) * 1000;
const NONE: SourceOptions = {
  kubeconfig: undefined,
  context: undefined,
  namespace: undefined,
  allNamespaces: true,
  from: undefined,
  store: undefined,
};

interface World {
  readonly server: ApiServer;
  readonly directory: string;
  readonly open: (options?: Partial<SourceOptions>) => Promise<Source>;
}

/** A cluster, its kubeconfig, and a home without a store. */
async function makeWorld(t: TestContext, events = EVENTS): Promise<World> {
  const server = await startApiServer({ events });
  t.after(() => server.stop());
  const directory = await makeTempDirectory(t);
  const kubeconfig = server.writeKubeconfig();
  const open = async (options: Partial<SourceOptions> = {}) => {
    const source = await openSource(
      {
        stdin: Readable.from([]),
        env: { HOME: directory },
        cwd: directory,
        wallClock: () => NOW,
        signal: new AbortController().signal,
      },
      { ...NONE, kubeconfig, ...options },
    );
    t.after(() => source.reader.close());
    return source;
  };
  return { server, directory, open };
}

async function readAll(source: Source, query: EventQuery = {}): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of source.reader.readEvents({ ...source.scope, ...query })) records.push(...page);
  return records;
}

/** Writes what a listener heard of a cluster into a store. */
async function fillStore(
  file: string,
  cluster: { uid: string; name: string },
  updates: readonly unknown[],
): Promise<void> {
  const store = openSqliteStore({ file, mode: 'write' });
  const sightings = updates.map((object) => ({ event: parseEvent(object), deleted: false, at: NOW }));
  const coverage = [{ namespace: '', from: NOW - 20 * HOUR, to: NOW - 10 * HOUR, close: true }];
  await store.write({ cluster: { ...cluster, version: '' }, sightings, coverage });
  await store.close();
}

test('openSource reads the live cluster when there is no store', async (t) => {
  const { open } = await makeWorld(t);
  const source = await open();
  assert.equal(source.kind, 'live');
  const records = await readAll(source);
  assert.deepEqual(
    records.map(({ event }) => event.name).sort(),
    EVENTS.map(({ metadata }) => metadata.name).sort(),
  );
  assert.deepEqual(new Set(records.map(({ cluster }) => cluster)), new Set([source.cluster?.uid]));
  assert.deepEqual([source.notes, await source.reader.readGaps(source.scope)], [[], []]);
});

test('openSource asks the server for no more than is asked for', async (t) => {
  const { open, server } = await makeWorld(t);
  const source = await open({ allNamespaces: false, namespace: NAMESPACE });
  const [first] = EVENTS;
  const name = (first as unknown as { involvedObject: { name: string } }).involvedObject.name;
  const records = await readAll(source, { for: [{ kind: 'Deployment', name }] });
  assert.ok(records.length > 0);
  const list = server.requests.find(({ path }) => path.endsWith(`/namespaces/${NAMESPACE}/events`));
  assert.match(String(list?.query.get('fieldSelector')), new RegExp(`involvedObject.name=${name}`));
});

test('openSource joins the live cluster with what the store has of it', async (t) => {
  const { open, directory } = await makeWorld(t, EVENTS.slice(5));
  const uid = (await open()).cluster?.uid ?? assert.fail();
  const file = join(directory, 'a.db');
  await fillStore(file, { uid, name: 'double' }, UPDATES);
  await fillStore(file, { uid: 'another', name: 'another' }, UPDATES.slice(0, 3));
  const source = await open({ store: file });
  const records = await readAll(source);
  assert.equal(source.kind, 'live');
  assert.equal(records.length, EVENTS.length);
  const points = records.reduce((sum, record) => sum + record.points.length, 0);
  assert.ok(points > EVENTS.length, 'the repeats of the record are there');
  const [gap, ...more] = await source.reader.readGaps(source.scope);
  assert.deepEqual([gap?.from, gap?.to, more.length], [NOW - 10 * HOUR, NOW - HOUR, 0]);
});

test('openSource reads the record when the cluster cannot be reached, and says so', async (t) => {
  const { open, server, directory } = await makeWorld(t);
  const live = await open();
  const file = join(directory, 'a.db');
  await fillStore(file, { uid: live.cluster?.uid ?? '', name: live.name }, UPDATES);
  await fillStore(file, { uid: 'another', name: 'another' }, UPDATES.slice(0, 3));
  await server.crash();
  const source = await open({ store: file });
  assert.equal(source.kind, 'store');
  assert.equal((await readAll(source)).length, EVENTS.length);
  assert.match(
    source.notes.join(),
    /^cannot reach cluster "double".* Reading the record of cluster "double", which goes up to 2026-11-23T06:00:00Z\.$/,
  );
  const other = await open({ store: file, context: 'another' });
  assert.equal(other.cluster?.uid, 'another');
});

test('openSource fails with 3 when the cluster cannot be reached and there is no record of it', async (t) => {
  const { open, server, directory } = await makeWorld(t);
  await server.crash();
  await assert.rejects(open(), { exitCode: 3 });
  const other = join(directory, '.local/share/hark/events.db');
  await fillStore(other, { uid: 'another', name: 'another' }, UPDATES.slice(0, 3));
  await assert.rejects(open(), { exitCode: 3 });
});

test('openSource fails with 4 when nothing may be listed', async (t) => {
  const { open, server } = await makeWorld(t);
  server.allow(({ path }) => !path.includes('events'));
  const source = await open();
  await assert.rejects(readAll(source), { exitCode: 4 });
});

test('openSource reads the whole record when there is no kubeconfig', async (t) => {
  const { open, directory } = await makeWorld(t);
  const file = join(directory, 'a.db');
  await fillStore(file, { uid: 'one', name: 'one' }, UPDATES);
  await fillStore(file, { uid: 'two', name: 'two' }, UPDATES.slice(0, 3));
  const source = await open({ store: file, kubeconfig: undefined });
  assert.equal(source.kind, 'store');
  assert.deepEqual(source.scope.clusters, ['one', 'two']);
  assert.ok((await readAll(source)).length > EVENTS.length);
  const one = await open({ store: file, kubeconfig: undefined, context: 'two' });
  assert.deepEqual(one.scope.clusters, ['two']);
});

test('openSource reads what a named store holds when that is of other clusters than the one at hand', async (t) => {
  const { open, directory } = await makeWorld(t, []);
  const file = join(directory, 'a.db');
  await fillStore(file, { uid: 'unknown', name: 'unknown' }, UPDATES);
  const source = await open({ store: file });
  assert.equal(source.kind, 'store');
  assert.equal((await readAll(source)).length, EVENTS.length);
  assert.match(
    source.notes.join(),
    /a\.db knows nothing of context "double"\. Reading the record of cluster "unknown"/,
  );
  const live = await open({ store: file, context: 'double' });
  assert.equal(live.kind, 'live');
});

test('openSource goes on without a store that cannot be read, unless it was named', async (t) => {
  const { open, directory } = await makeWorld(t);
  mkdirSync(join(directory, '.local/share/hark'), { recursive: true });
  const file = join(directory, '.local/share/hark/events.db');
  writeFileSync(
    file,
    'this is no store, and longer than the header of one, so that it is told apart from an empty file',
  );
  const source = await open();
  assert.equal((await readAll(source)).length, EVENTS.length);
  assert.match(source.notes.join(), /[^.]\. Going on without the record\. \S/, 'and what to type next');
  await assert.rejects(open({ store: file }), { name: 'HarkError' });
  await assert.rejects(open({ store: join(directory, 'missing.db') }), { code: 'store-missing' });
});

test('openSource takes the namespaces as kubectl does, and all of a file unless one is named', async (t) => {
  const { open } = await makeWorld(t);
  const namespacesOf = async (options: Partial<SourceOptions>) => (await open(options)).scope.namespaces;
  assert.deepEqual(await namespacesOf({ allNamespaces: false }), ['default']);
  assert.deepEqual(await namespacesOf({ allNamespaces: false, namespace: 'shop' }), ['shop']);
  assert.equal(await namespacesOf({ allNamespaces: true, namespace: 'shop' }), undefined);
  const from = recordingPath(`${SCENARIO}/events-core-v1.jsonl`);
  assert.equal(await namespacesOf({ from, allNamespaces: false }), undefined);
  assert.deepEqual(await namespacesOf({ from, allNamespaces: false, namespace: 'shop' }), ['shop']);
  assert.equal(await namespacesOf({ from, allNamespaces: true, namespace: 'shop' }), undefined);
});

test('openSource follows a live cluster without a hole between what there is and what comes', async (t) => {
  const { open, server } = await makeWorld(t, EVENTS.slice(0, 5));
  const source = await open();
  const abort = new AbortController();
  const seen: string[] = [];
  for await (const page of source.follow(source.scope, abort.signal)) {
    if (page.type === 'notice') continue;
    for (const { event } of page.records) seen.push(`${page.live}:${event.name}`);
    const next = EVENTS[seen.length];
    if (seen.length === 8 || next === undefined) abort.abort();
    else if (seen.length >= 5) {
      await server.watching();
      server.storage.write(next);
    }
  }
  assert.deepEqual(
    seen.slice(0, 5).sort(),
    EVENTS.slice(0, 5)
      .map(({ metadata }) => `false:${metadata.name}`)
      .sort(),
  );
  assert.deepEqual(
    seen.slice(5),
    EVENTS.slice(5, 8).map(({ metadata }) => `true:${metadata.name}`),
  );
});

test('openSource refuses to follow a file', async (t) => {
  const { open } = await makeWorld(t);
  const source = await open({ from: recordingPath(`${SCENARIO}/events-core-v1.jsonl`) });
  assert.throws(() => source.follow({}, new AbortController().signal), { code: 'not-followable' });
});

test('openSource follows a store that another process writes', async (t) => {
  const { open, directory } = await makeWorld(t);
  const file = join(directory, 'a.db');
  await fillStore(file, { uid: 'one', name: 'one' }, UPDATES.slice(0, 1));
  const source = await open({ store: file, kubeconfig: undefined });
  const abort = new AbortController();
  const told: [boolean, number][] = [];
  for await (const page of source.follow(source.scope, abort.signal)) {
    if (page.type === 'notice') continue;
    told.push([page.live, page.records.length]);
    if (page.live) abort.abort();
    else await fillStore(file, { uid: 'one', name: 'one' }, EVENTS.slice(10, 12));
  }
  assert.deepEqual(told, [
    [false, 1],
    [true, 2],
  ]);
});

test('openSource says what to type when standard input is a terminal', async () => {
  const stdin = Object.assign(Readable.from([]), { isTTY: true });
  const context = { stdin, env: {}, cwd: '/', wallClock: () => NOW, signal: new AbortController().signal };
  await assert.rejects(openSource(context, { ...NONE, from: '-' }), {
    code: 'usage',
    message: 'cannot read Events from "-": standard input is a terminal',
    hint: /kubectl get events -A -o json \| hark events --from -/,
  });
});

test('openSource tells of an export when nobody was listening', async (t) => {
  const { open, directory } = await makeWorld(t);
  const coverage = [
    { cluster: 'c', namespace: '', from: '2026-11-23T10:00:00.000000Z', to: '2026-11-23T11:00:00.000000Z' },
    { cluster: 'c', namespace: '', from: '2026-11-23T15:00:00.000000Z', to: '2026-11-23T16:00:00.000000Z' },
  ];
  const clusters = [{ uid: 'c', name: 'prod', version: '' }];
  writeFileSync(
    join(directory, 'a.jsonl'),
    `${JSON.stringify({ hark: 'export', version: 1, clusters, coverage })}\n`,
  );
  const source = await open({ from: 'a.jsonl' });
  const gaps = await source.reader.readGaps({});
  assert.deepEqual(
    gaps.map(({ from, to }) => (to - from) / HOUR),
    [3, 1],
  );
});
