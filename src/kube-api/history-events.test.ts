import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, openApi } from '../../test/kube-api/open-api.ts';
import { readLines } from '../../test/kube-api/read-lines.ts';
import { readSightings } from '../../test/store/batches.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const CORE = '/api/v1';
const HISTORY = '/apis/history.hark.dev/v1';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const readHistory = async () => ({ stories: [], findings: [], asOf: 0 });

/** As the core group says it. */
function toCore(answer: Json): Json {
  return { ...answer, ...(answer.apiVersion === 'history.hark.dev/v1' && { apiVersion: 'v1' }) };
}

test('Events of the history’s group are those of v1, by whatever they are asked for', async () => {
  const { write, json } = openApi({ readHistory });
  await write(SIGHTINGS);
  const { namespace = '', name = '', involvedObject } = SIGHTINGS[0]?.event ?? {};
  const within = `/namespaces/${namespace}/events`;
  const ofObject = `fieldSelector=${encodeURIComponent(`involvedObject.name=${involvedObject?.name}`)}`;
  for (const [path, accept] of [
    ['/events', ''],
    [within, ''],
    [`${within}/${name}`, ''],
    [within, TABLE],
    [`${within}/${name}`, TABLE],
    [`${within}?includeObject=Object`, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'],
    [`/events?${ofObject}`, ''],
    ['/events?fieldSelector=type%3DWarning%2Creason%21%3DFailed', ''],
    ['/events?labelSelector=%21app', ''],
    ['/events?labelSelector=app', ''],
    ['/namespaces/none/events', ''],
  ] as const) {
    const asked = { accept };
    const [core, history] = [await json(`${CORE}${path}`, asked), await json(`${HISTORY}${path}`, asked)];
    assert.deepEqual(toCore(history), core, path);
    const isPlain = accept === '';
    assert.equal(history.apiVersion, isPlain ? 'history.hark.dev/v1' : 'meta.k8s.io/v1', path);
  }
  const kind = async (path: string) => (await json(`${HISTORY}${path}`)).kind;
  assert.deepEqual([await kind(within), await kind(`${within}/${name}`)], ['EventList', 'Event']);
});

test('Events of the history’s group are read part by part, and what cannot be selected by is refused', async () => {
  const { write, ask, json } = openApi({ readHistory });
  await write(SIGHTINGS);
  const { items } = await json(`${CORE}/events`);
  const given: Json[] = [];
  for (let more = ''; ; ) {
    const part = await json(`${HISTORY}/events?limit=7${more}`);
    given.push(...part.items);
    if (part.metadata.continue === undefined) break;
    more = `&continue=${part.metadata.continue}`;
  }
  assert.deepEqual(given, items);
  for (const selector of ['regarding.name%3Dx', 'status.kind%3Dx']) {
    const refused = await ask(`${HISTORY}/events?fieldSelector=${selector}`);
    assert.match(JSON.parse(await refused.text()).message, /field label not supported/);
    assert.equal(refused.status, 400);
  }
  const missing = await ask(`${HISTORY}/namespaces/default/events/none`);
  const { message, details } = JSON.parse(await missing.text());
  assert.equal(missing.status, 404);
  assert.equal(message, 'events.history.hark.dev "none" not found');
  assert.deepEqual(details, { name: 'none', group: 'history.hark.dev', kind: 'events' });
});

test('a watch of the history’s group tells what is stored since a list, as that group’s objects', async (t) => {
  const { write, ask, json } = openApi({ readHistory });
  await write(SIGHTINGS.slice(0, -5));
  const { resourceVersion } = (await json(`${HISTORY}/events`)).metadata;
  const gone = new AbortController();
  const answer = await ask(
    `${HISTORY}/events?watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`,
    { signal: gone.signal },
  );
  assert.ok(answer.isWatch);
  const lines = readLines(answer.body);
  t.after(() => {
    gone.abort();
    lines.close();
  });
  await write(SIGHTINGS.slice(-5));
  const { type, object } = await lines.next();
  assert.match(type, /^(?:ADDED|MODIFIED)$/);
  assert.deepEqual([object.kind, object.apiVersion], ['Event', 'history.hark.dev/v1']);
  const { name, namespace } = object.metadata;
  assert.deepEqual(await json(`${HISTORY}/namespaces/${namespace}/events/${name}`), object);
  gone.abort();
  let last: Json;
  for (let line = await lines.next(); line !== undefined; line = await lines.next()) last = line;
  assert.deepEqual(
    [last.type, last.object.kind, last.object.apiVersion],
    ['BOOKMARK', 'Event', 'history.hark.dev/v1'],
  );
});

test('discovery tells of the history’s Events last of those of their name, and gives nobody’s short name away', async () => {
  const { ask, json } = openApi({ readHistory });
  const { resources } = await json(HISTORY);
  const byName = new Map<string, Json>(resources.map((one: Json) => [one.name, one]));
  assert.deepEqual(byName.get('events'), {
    name: 'events',
    singularName: 'event',
    namespaced: true,
    kind: 'Event',
    verbs: ['get', 'list', 'watch'],
  });
  assert.deepEqual(byName.get('stories')?.verbs, ['get', 'list', 'watch']);
  const { groups } = await json('/apis');
  const names: string[] = groups.map(({ name }: Json) => name);
  assert.ok(names.indexOf('events.k8s.io') < names.indexOf('history.hark.dev'), names.join(' '));
  const without = openApi();
  assert.equal((await without.ask(`${HISTORY}/events`)).status, 404);
  assert.equal((await ask(`${HISTORY}/events`, { method: 'POST' })).status, 405);
});

test('whether the history’s Events may be read is asked by the group’s own name', async () => {
  const asked: string[] = [];
  const { ask } = openApi({
    readHistory,
    async authorize({ verb, group, resource, namespace }) {
      asked.push(`${verb} ${group}/${resource} ${namespace}`);
      return { user: 'anna', reason: '' };
    },
  });
  const refused = await ask(`${HISTORY}/namespaces/shop/events?watch=1`);
  assert.equal(refused.status, 403);
  assert.deepEqual(asked, ['watch history.hark.dev/events shop']);
});
