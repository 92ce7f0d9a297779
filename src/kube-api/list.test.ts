import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, openApi } from '../../test/kube-api/open-api.ts';
import { CLUSTER, readSightings } from '../../test/store/batches.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const LIST = '/api/v1/events';

function nameOf({ metadata }: Json): string {
  return `${metadata.namespace}/${metadata.name}`;
}

test('a list gives every Event once, in its latest state, as the API server did', async () => {
  const { write, json, store } = openApi();
  await write(SIGHTINGS);
  const list = await json(LIST);
  assert.equal(list.kind, 'EventList');
  assert.equal(list.apiVersion, 'v1');
  const latest = new Map(SIGHTINGS.map(({ event }) => [`${event.namespace}/${event.name}`, event]));
  assert.deepEqual(new Set(list.items.map(nameOf)), new Set(latest.keys()));
  assert.equal(list.items.length, latest.size);
  for (const item of list.items) {
    const event = latest.get(nameOf(item));
    assert.equal(item.message, event?.message);
    assert.equal(item.metadata.uid, event?.uid);
    assert.equal(item.kind, undefined);
    assert.ok(Number(item.metadata.resourceVersion) <= Number(list.metadata.resourceVersion));
  }
  assert.equal(list.metadata.resourceVersion, String((await store.readPlace()) + 1));
});

test('a list read part by part gives every Event once though all of them change meanwhile', async () => {
  const { write, json } = openApi();
  const half = Math.floor(SIGHTINGS.length / 2);
  await write(SIGHTINGS.slice(0, half));
  const before = (await json(LIST)).items.map(nameOf);
  const given: string[] = [];
  let more = '';
  for (let at = half; ; at += 5) {
    const part = await json(`${LIST}?limit=3${more}`);
    given.push(...part.items.map(nameOf));
    await write(SIGHTINGS.slice(at, at + 5));
    if (part.metadata.continue === undefined) break;
    more = `&continue=${part.metadata.continue}`;
  }
  assert.equal(new Set(given).size, given.length);
  assert.deepEqual(
    before.filter((name: string) => !given.includes(name)),
    [],
  );
});

test('a list read part by part tells how many are left, where nothing is selected', async () => {
  const { write, json } = openApi({ countEvents: (namespace) => (namespace === '' ? 9 : undefined) });
  await write(SIGHTINGS);
  const first = await json(`${LIST}?limit=4`);
  assert.equal(first.metadata.remainingItemCount, 5);
  const second = await json(`${LIST}?limit=3&continue=${first.metadata.continue}`);
  assert.equal(second.metadata.remainingItemCount, 2);
  const selected = await json(`${LIST}?limit=2&fieldSelector=${encodeURIComponent('type!=x')}`);
  assert.notEqual(selected.metadata.continue, undefined);
  assert.equal(selected.metadata.remainingItemCount, undefined);
});

test('a list as a table has a row for each Event in time order', async () => {
  const { write, json } = openApi();
  await write(SIGHTINGS);
  const list = await json(LIST);
  const table = await json(LIST, { accept: TABLE });
  assert.equal(table.kind, 'Table');
  assert.deepEqual(
    table.rows.map(({ object }: Json) => nameOf(object)),
    list.items.map(nameOf),
  );
  assert.equal(table.columnDefinitions.length, table.rows[0].cells.length);
});

test('a list is of one moment though its Events change while it is read, in another cluster too', async () => {
  const opened = openApi();
  await opened.write(SIGHTINGS.slice(0, 40));
  const before = await opened.json(LIST);
  const { log } = opened.api;
  let isFirst = true;
  const api = openApi({
    log: {
      ...log,
      async *readNumbered(query, signal) {
        for await (const page of log.readNumbered(query, signal)) {
          yield page;
          if (!isFirst) continue;
          isFirst = false;
          // Another cluster tells of Events of the same names.
          const other = { ...CLUSTER, uid: 'other', name: 'other' };
          await opened.store.write({ cluster: other, sightings: SIGHTINGS.slice(0, 40) });
          await opened.write(SIGHTINGS.slice(40));
        }
      },
    },
  });
  const during = await api.json(LIST);
  const after = await opened.json(LIST);
  assert.deepEqual(during, after);
  assert.ok(during.items.length > before.items.length);
});
