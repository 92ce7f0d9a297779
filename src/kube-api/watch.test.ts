import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, type OpenedApi, openApi } from '../../test/kube-api/open-api.ts';
import { readLines } from '../../test/kube-api/read-lines.ts';
import { readSightings } from '../../test/store/batches.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const LIST = '/api/v1/events';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/** Opens a watch; it ends with the test. */
async function watch(opened: OpenedApi, t: { after(end: () => void): void }, path: string, accept?: string) {
  const gone = new AbortController();
  const answer = await opened.ask(path, { signal: gone.signal, ...(accept !== undefined && { accept }) });
  assert.equal(answer.status, 200);
  assert.ok(answer.isWatch);
  const lines = readLines(answer.body);
  t.after(() => {
    gone.abort();
    lines.close();
  });
  return lines;
}

function keyOf({ object }: Json): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

test('a watch from a list’s resourceVersion tells all that comes after, each state once, wherever it is gone on from', async (t) => {
  const opened = openApi();
  const half = Math.floor(SIGHTINGS.length / 2);
  await opened.write(SIGHTINGS.slice(0, half));
  const list = await opened.json(LIST);
  const known = new Map<string, Json>(list.items.map((item: Json) => [keyOf({ object: item }), item]));
  const lines = await watch(opened, t, `${LIST}?watch=1&resourceVersion=${list.metadata.resourceVersion}`);
  const all: Json[] = [];
  for (let at = half; at < SIGHTINGS.length; at += 4) {
    const before = await opened.store.readPlace();
    await opened.write(SIGHTINGS.slice(at, at + 4));
    const changed = await opened.store.readChanged(before);
    assert.ok(changed !== 'gone');
    for (let told = 0; told < changed.records.length; told += 1) all.push(await lines.next());
  }
  for (const line of all) {
    assert.equal(line.type, known.has(keyOf(line)) ? 'MODIFIED' : 'ADDED', keyOf(line));
    known.set(keyOf(line), line.object);
  }
  const now = await opened.json(LIST);
  const strip = ({ kind: _, apiVersion: __, ...item }: Json) => item;
  assert.deepEqual(
    new Map(now.items.map((item: Json) => [keyOf({ object: item }), item])),
    new Map([...known].map(([key, item]) => [key, strip(item)])),
  );
  const versions = all.map(({ object }) => Number(object.metadata.resourceVersion));
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
  );
  for (const version of versions) {
    const again = await watch(opened, t, `${LIST}?watch=1&resourceVersion=${version}`);
    const rest = new Map(all.map((line) => [keyOf(line), line]));
    const expected = [...rest.values()]
      .filter(({ object }) => Number(object.metadata.resourceVersion) > version)
      .sort((a, b) => Number(a.object.metadata.resourceVersion) - Number(b.object.metadata.resourceVersion));
    for (const line of expected) assert.deepEqual((await again.next()).object, line.object);
  }
});

test('a watch with sendInitialEvents tells what there is, then that this was all, then what changes', async (t) => {
  const opened = openApi();
  await opened.write(SIGHTINGS.slice(0, 20));
  const list = await opened.json(LIST);
  const options = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const lines = await watch(opened, t, `${LIST}?${options}`);
  for (const item of list.items) {
    const line = await lines.next();
    assert.equal(line.type, 'ADDED');
    assert.equal(line.object.metadata.name, item.metadata.name);
  }
  const end = await lines.next();
  assert.equal(end.type, 'BOOKMARK');
  assert.equal(end.object.kind, 'Event');
  assert.deepEqual(end.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
  assert.equal(end.object.metadata.resourceVersion, list.metadata.resourceVersion);
  await opened.write(SIGHTINGS.slice(20, 24));
  assert.match((await lines.next()).type, /^(ADDED|MODIFIED)$/);
});

test('a watch without a resourceVersion begins with what there is; of one kind alone when that is selected', async (t) => {
  const opened = openApi();
  await opened.write(SIGHTINGS);
  const { items } = await opened.json(`${LIST}?fieldSelector=type%3DWarning`);
  const lines = await watch(opened, t, `/api/v1/watch/events?fieldSelector=type%3DWarning`);
  assert.ok(items.length > 0);
  for (const item of items) {
    const { type, object } = await lines.next();
    assert.equal(type, 'ADDED');
    assert.equal(object.type, 'Warning');
    assert.equal(object.metadata.name, item.metadata.name);
  }
});

test('a watch as tables tells its columns once', async (t) => {
  const opened = openApi();
  await opened.write(SIGHTINGS);
  const lines = await watch(opened, t, `${LIST}?watch=1`, TABLE);
  const [first, second] = [await lines.next(), await lines.next()];
  assert.equal(first.object.kind, 'Table');
  assert.equal(first.object.columnDefinitions.length, first.object.rows[0].cells.length);
  assert.equal(second.object.columnDefinitions, null);
  assert.equal(second.object.rows.length, 1);
});

test('a watch from where the history does not go back to ends with 410, a list anew goes on', async (t) => {
  const opened = openApi({ changesKept: 3 });
  for (const sighting of SIGHTINGS) await opened.write([sighting]);
  const { resourceVersion } = (await opened.json(LIST)).metadata;
  for (const version of ['1', String(Number(resourceVersion) + 1_000)]) {
    const lines = await watch(opened, t, `${LIST}?watch=1&resourceVersion=${version}`);
    const { type, object } = await lines.next();
    assert.equal(type, 'ERROR');
    assert.deepEqual([object.kind, object.code, object.reason], ['Status', 410, 'Expired']);
    assert.equal(await lines.next(), undefined);
  }
});

test('a watch ends after timeoutSeconds, with where it stands for those who want to know', async (t) => {
  const opened = openApi();
  await opened.write(SIGHTINGS);
  const { resourceVersion } = (await opened.json(LIST)).metadata;
  const from = `${LIST}?watch=1&resourceVersion=${resourceVersion}&timeoutSeconds=0`;
  const quiet = await watch(opened, t, from);
  assert.equal(await quiet.next(), undefined);
  const lines = await watch(opened, t, `${from}&allowWatchBookmarks=true`);
  const bookmark = await lines.next();
  assert.deepEqual([bookmark.type, bookmark.object.metadata.resourceVersion], ['BOOKMARK', resourceVersion]);
  assert.equal(await lines.next(), undefined);
});

test('a watch of namespaces tells each with its first Event', async (t) => {
  const opened = openApi();
  const lines = await watch(opened, t, '/api/v1/namespaces?watch=1');
  await opened.write(SIGHTINGS.slice(0, 5));
  const { type, object } = await lines.next();
  assert.equal(type, 'ADDED');
  assert.equal(object.kind, 'Namespace');
  assert.equal(object.metadata.name, SIGHTINGS[0]?.event.namespace);
});
