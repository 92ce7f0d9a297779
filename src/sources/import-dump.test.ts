import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layOutMustGather, makeTempDirectory, writeLayout } from '../../test/dump-layouts.ts';
import fc from '../../test/fast-check.ts';
import { readObjects } from '../../test/read-objects.ts';
import { readRecord } from '../../test/read-record.ts';
import { readRecording, recordingPath } from '../../test/read-recording.ts';
import { compareRecordedEvents, compareText } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import type { EventQuery } from '../events/query.ts';
import { type Change, identifyChange } from '../objects/change.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { SqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { exportRecord, startCount } from './export-record.ts';
import { type ImportResult, importDump } from './import-dump.ts';
import { openExported } from './open-exported.ts';

const PATH = 'v1.36/b-bad-image/events-core-v1.jsonl';
const LINES = readRecording(PATH)
  .split('\n')
  .filter((line) => line !== '');
const signal = new AbortController().signal;

let stores = 0;

/** Opens a new store in a directory that goes with the test. */
async function openStore(t: TestContext): Promise<SqliteStore> {
  stores += 1;
  const file = join(await makeTempDirectory(t), `${stores}.db`);
  return openSqliteStore({ file, mode: 'write' });
}

interface Wishes {
  readonly cluster?: string;
  readonly namespace?: string;
}

async function importPath(store: SqliteStore, path: string, wishes: Wishes = {}): Promise<ImportResult> {
  const { cluster, namespace } = wishes;
  return await importDump({ path }, store, { name: path, cluster, namespace, signal, onProgress: () => {} });
}

async function importText(store: SqliteStore, text: string, wishes: Wishes = {}): Promise<ImportResult> {
  async function* bytes() {
    yield Buffer.from(text);
  }
  const { cluster, namespace } = wishes;
  return await importDump({ path: '-', bytes: bytes() }, store, {
    name: '-',
    cluster,
    namespace,
    signal,
    onProgress: () => {},
  });
}

async function readAll(store: SqliteStore): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents({})) records.push(...page);
  return records;
}

/** Objects, in the order of an export, and their changes. */
async function readTold(store: SqliteStore): Promise<{ objects: KubernetesObject[]; changes: Change[] }> {
  const objects: KubernetesObject[] = [];
  const changes: Change[] = [];
  for await (const page of store.readObjects({})) objects.push(...page);
  for await (const page of store.readChanges({})) changes.push(...page);
  return { objects: objects.sort((a, b) => compareText(nameOf(a), nameOf(b))), changes };
}

function nameOf({ cluster, kind, namespace, name, uid }: KubernetesObject): string {
  return [cluster, kind, namespace, name, uid].join(' ');
}

async function exportText(store: SqliteStore): Promise<string> {
  const clusters = await store.readClusters();
  const coverage = (await Promise.all(clusters.map(({ uid }) => store.readCoverage(uid)))).flat();
  let text = '';
  for await (const part of exportRecord(
    { reader: store, objects: store, clusters, coverage },
    {},
    startCount(),
    signal,
  ))
    text += part;
  return text;
}

test('importDump leaves the record behind that a listener would have', async (t) => {
  const store = await openStore(t);
  const { total, summary } = await importPath(store, recordingPath(PATH));
  const expected = readRecord(PATH, 'unknown').sort(compareRecordedEvents);
  assert.deepEqual(await readAll(store), expected);
  const points = expected.reduce((sum, record) => sum + record.points.length, 0);
  assert.deepEqual(
    [total.added, total.repeats, summary.unreadable],
    [expected.length, points - expected.length, 0],
  );
  await store.close();
});

test('importDump changes nothing when it is done again', async (t) => {
  const store = await openStore(t);
  await importPath(store, recordingPath(PATH));
  const before = await exportText(store);
  const { total } = await importPath(store, recordingPath(PATH));
  assert.deepEqual(total, {
    added: 0,
    repeats: 0,
    updated: 0,
    unchanged: LINES.length,
    objects: 0,
    changes: 0,
  });
  assert.equal(await exportText(store), before);
  await store.close();
});

test('importDump leaves the same record behind when the lines come in any split, in any order', async (t) => {
  const whole = await openStore(t);
  await importPath(whole, recordingPath(PATH));
  const expected = await exportText(whole);
  await whole.close();
  const lines = fc.shuffledSubarray([...LINES.keys()], { minLength: LINES.length, maxLength: LINES.length });
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.nat(LINES.length), { maxLength: 4 }), async (order, cuts) => {
      const store = await openStore(t);
      const places = [0, ...cuts.toSorted((a, b) => a - b), order.length];
      for (const [index, from] of places.entries()) {
        const part = order.slice(from, places[index + 1]).map((line) => LINES[line]);
        if (part.length > 0) await importText(store, part.join('\n'));
      }
      assert.equal(await exportText(store), expected);
      await store.close();
    }),
    { numRuns: 12 },
  );
});

test('importDump of an export leaves the same record behind, so that its export is the same to the byte', async (t) => {
  const first = await openStore(t);
  await importPath(first, recordingPath(PATH));
  await importPath(first, recordingPath('v1.20/x-expiry/watch.jsonl'), { cluster: 'expiring' });
  await importPath(first, recordingPath('dumps/kubectl-1.20/mixed.json'));
  const [{ uid, name, version } = { uid: '', name: '', version: '' }] = await first.readClusters();
  const coverage = [
    { namespace: '', from: 1_000_000, to: 2_000_000, close: true },
    { namespace: '', from: 2_000_000, to: 3_000_000 },
    { namespace: 'shop', from: 9_000_000, to: 9_000_001 },
  ];
  await first.write({ cluster: { uid, name, version }, sightings: [], coverage });
  await importPath(first, recordingPath('v1.36/c-crashloop/objects.jsonl'));
  const { objects, changes } = await readTold(first);
  assert.ok(objects.length > 10 && changes.length > 100);
  await first.write({ cluster: { uid: 'silent', name: 'silent', version: 'v1.36.2' }, sightings: [] });
  const text = await exportText(first);
  const second = await openStore(t);
  await importText(second, text);
  assert.equal(await exportText(second), text);
  assert.deepEqual(await readAll(second), await readAll(first));
  assert.deepEqual(await readTold(second), { objects, changes });
  assert.deepEqual(
    await second.readClusters().then((all) => all.map((one) => one.uid).sort()),
    (await first.readClusters()).map((one) => one.uid).sort(),
  );
  await importText(second, text);
  assert.equal(await exportText(second), text);
  await Promise.all([first.close(), second.close()]);
});

test('importDump files Events under the cluster that a dump tells of, wherever it tells', async (t) => {
  const store = await openStore(t);
  const directory = await makeTempDirectory(t);
  const truth = JSON.parse(readRecording('dumps/truth.json')) as { items: Record<string, unknown>[] };
  await writeLayout(join(directory, 'a'), layOutMustGather(truth.items, 'uid-of-a'));
  await writeLayout(join(directory, 'b'), layOutMustGather(truth.items, 'uid-of-b'));
  const { clusters } = await importPath(store, directory);
  assert.deepEqual(clusters.map(({ uid }) => uid).sort(), ['uid-of-a', 'uid-of-b']);
  const records = await readAll(store);
  assert.equal(records.length, 2 * truth.items.length);
  await store.close();
});

test('importDump files Events under the cluster that is named, which the store may know by another name', async (t) => {
  const store = await openStore(t);
  const info = { uid: 'uid-of-prod', name: 'prod', version: 'v1.36.2' };
  await store.write({ cluster: info, sightings: [], coverage: [{ namespace: '', from: 1, to: 2 }] });
  await importPath(store, recordingPath(PATH), { cluster: 'prod' });
  assert.deepEqual(new Set((await readAll(store)).map(({ cluster }) => cluster)), new Set(['uid-of-prod']));
  await importPath(store, recordingPath(PATH), { cluster: 'other' });
  assert.deepEqual(
    (await store.readClusters()).map(({ uid, name, version }) => [uid, name, version]),
    [
      ['uid-of-prod', 'prod', 'v1.36.2'],
      ['name:other', 'other', ''],
    ],
  );
  await store.close();
});

test('importDump takes in the Events of one namespace when it is named', async (t) => {
  const store = await openStore(t);
  await importPath(store, recordingPath('dumps/kubectl-1.32/events.json'), { namespace: 'default' });
  const namespaces = new Set((await readAll(store)).map(({ event }) => event.namespace));
  assert.deepEqual(namespaces, new Set(['default']));
  await store.close();
});

test('importDump commits what came before when a file is cut off', async (t) => {
  const store = await openStore(t);
  const path = join(await makeTempDirectory(t), 'night.jsonl.gz');
  const packed = gzipSync(LINES.join('\n'));
  await writeFile(path, packed.subarray(0, packed.length - 500));
  const { total, summary } = await importPath(store, path);
  assert.ok(total.added > 0);
  assert.equal(summary.cut.size, 1);
  await store.close();
});

test('openExported gives a file, or what the store holds of one cluster', async (t) => {
  const store = await openStore(t);
  await importPath(store, recordingPath(PATH), { cluster: 'a' });
  await importPath(store, recordingPath('dumps/kubectl-1.32/events.json'), { cluster: 'b' });
  await store.close();
  const context = { stdin: process.stdin, env: {}, cwd: '/', wallClock: () => 0, signal };
  const options = {
    kubeconfig: undefined,
    context: undefined,
    namespace: undefined,
    allNamespaces: false,
    from: undefined,
    store: store.file,
  };
  const all = await openExported(context, options);
  assert.deepEqual(
    all.clusters.map(({ name }) => name),
    ['a', 'b'],
  );
  await all.reader.close();
  const one = await openExported(context, { ...options, context: 'b' });
  assert.deepEqual(
    one.clusters.map(({ name }) => name),
    ['b'],
  );
  await one.reader.close();
  await assert.rejects(openExported(context, { ...options, context: 'c' }), {
    code: 'unknown-cluster',
    hint: 'It knows "a", "b".',
  });
  const file = await openExported(context, {
    ...options,
    from: recordingPath(PATH),
    store: undefined,
  });
  assert.deepEqual(
    file.clusters.map(({ uid }) => uid),
    ['unknown'],
  );
});

test('importDump learns from a recording of objects what a listener would have, and nothing when it is done again', async (t) => {
  const store = await openStore(t);
  const path = recordingPath('v1.36/j-rollout-undo/objects.jsonl');
  const { total, told } = await importPath(store, path, { cluster: 'night' });
  const expected = readObjects('v1.36/j-rollout-undo/objects.jsonl', 'name:night');
  const stored = await readTold(store);
  assert.deepEqual([total.objects, total.changes], [stored.objects.length, stored.changes.length]);
  assert.deepEqual(
    stored.objects.map(({ uid }) => uid).sort(),
    expected.objects.map(({ uid }) => uid).sort(),
  );
  const known = new Map(stored.changes.map((change) => [identifyChange(change), change]));
  for (const change of expected.changes) assert.ok(known.has(identifyChange(change)), identifyChange(change));
  // What the revisions tell of the same edits is not told beside them.
  const edits = (changes: readonly Change[]) =>
    changes.filter(({ type, object }) => type === 'spec-changed' && object.kind === 'Deployment');
  assert.ok(edits(stored.changes).length > 5 && told > 0);
  assert.deepEqual(edits(stored.changes), edits(expected.changes));
  const again = await importPath(store, path, { cluster: 'night' });
  assert.deepEqual([again.total.objects, again.total.changes, again.told], [0, 0, told]);
  assert.deepEqual(await readTold(store), stored);
  await store.close();
});

test('importDump takes in the objects of one namespace, and those of none, when it is named', async (t) => {
  const store = await openStore(t);
  const path = recordingPath('v1.36/z-mixed-all-namespaces/objects.jsonl');
  await importPath(store, path, { namespace: 'shop' });
  const { objects, changes } = await readTold(store);
  assert.deepEqual(new Set(objects.map(({ namespace }) => namespace)), new Set(['', 'shop']));
  assert.deepEqual(new Set(changes.map(({ object }) => object.namespace)), new Set(['', 'shop']));
  await store.close();
});

test('importDump passes over manifests that never were on a cluster', async (t) => {
  const store = await openStore(t);
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
  };
  const { total, told } = await importText(store, JSON.stringify(manifest));
  assert.deepEqual([total.objects, total.changes, told], [0, 0, 0]);
  assert.deepEqual(await store.readClusters(), []);
  await store.close();
});

test('exportRecord leaves objects out when only Events of some kind are asked for, and keeps to the asked namespace and time', async (t) => {
  const store = await openStore(t);
  await importPath(store, recordingPath('v1.36/z-mixed-all-namespaces/objects.jsonl'));
  await importPath(store, recordingPath('v1.36/z-mixed-all-namespaces/events-core-v1.jsonl'));
  const all = await exportLines(store, {});
  assert.ok(all.some((line) => 'state' in line) && all.some((line) => 'change' in line));
  const warnings = await exportLines(store, { types: ['Warning'] });
  assert.ok(warnings.length > 1);
  assert.ok(warnings.every((line) => !('state' in line) && !('change' in line)));
  const shop = await exportLines(store, { namespaces: ['shop'] });
  const spaces = shop.flatMap((line) => (line.state === undefined ? [] : [line.state.namespace]));
  assert.deepEqual(new Set(spaces), new Set(['', 'shop']));
  await store.close();
});

interface ExportedLine {
  readonly state?: { readonly namespace: string };
  readonly change?: unknown;
}

async function exportLines(store: SqliteStore, query: EventQuery): Promise<ExportedLine[]> {
  let text = '';
  const record = { reader: store, objects: store, clusters: await store.readClusters(), coverage: [] };
  for await (const part of exportRecord(record, query, startCount(), signal)) text += part;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportedLine);
}

test('importDump reads an export of version 1, which knew no objects', async (t) => {
  const first = await openStore(t);
  await importPath(first, recordingPath(PATH));
  const text = await exportText(first);
  const old = text.replace('"version":2', '"version":1');
  assert.notEqual(old, text);
  const second = await openStore(t);
  await importText(second, old);
  assert.deepEqual(await readAll(second), await readAll(first));
  await Promise.all([first.close(), second.close()]);
});
