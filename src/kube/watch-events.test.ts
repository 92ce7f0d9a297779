import assert from 'node:assert/strict';
import test from 'node:test';
import { readRecordedEvents, readRecordedUpdates } from '../../test/api-server/read-recorded-events.ts';
import { type Heard, startWatchedDouble } from '../../test/api-server/watch-double.ts';
import { listScenarios, readRecordingBytes } from '../../test/read-recording.ts';
import { SECOND } from '../lib/time.ts';
import type { WatchItem } from './watch-item.ts';

const EVENTS = readRecordedEvents('v1.36/b-bad-image');

/** More than two pages of 500. */
const MANY = listScenarios().flatMap((scenario, index) =>
  readRecordedEvents(scenario).map((event) => ({
    ...event,
    metadata: { name: event.metadata.name, namespace: `${event.metadata.namespace}-${index}` },
  })),
);

/** The first wait after a failure, when the dice say 0.5. */
const FIRST_WAIT = 0.375 * SECOND;

type EventItem = Extract<WatchItem, { event: unknown }>;

function eventItems(heard: Heard, type?: string): EventItem[] {
  return heard.items.filter(
    (item): item is EventItem => 'event' in item && (type ?? item.type) === item.type,
  );
}

function namesOf(heard: Heard, type: string): string[] {
  return eventItems(heard, type)
    .map(({ event }) => `${event.namespace}/${event.name}`)
    .sort();
}

function namesIn(events: readonly { metadata: { name: string; namespace: string } }[]): string[] {
  return events.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();
}

test('watchEvents lists all there is, then tells every change, when the server serves sendInitialEvents', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  const heard = watch();
  await heard.until('synced');
  assert.deepEqual(namesOf(heard, 'listed'), namesIn(EVENTS));
  assert.deepEqual(heard.story(), ['gap started', `synced ${server.storage.revision()}`]);

  const updates = readRecordedUpdates('v1.36/d-unschedulable');
  for (const update of updates) server.storage.write(update);
  const [{ metadata }] = updates as [(typeof updates)[0]];
  server.storage.remove(metadata.namespace, metadata.name);
  await heard.until('deleted');
  const changes = eventItems(heard).filter(({ type }) => type !== 'listed');
  assert.deepEqual(
    changes.map(({ event }) => event.name),
    [...updates, { metadata }].map((update) => update.metadata.name),
  );
  const seen = new Set<string>();
  for (const { type, event } of changes.slice(0, -1)) {
    assert.equal(type, seen.has(event.name) ? 'modified' : 'added');
    seen.add(event.name);
  }
  assert.equal(server.requests.filter(({ verb }) => verb === 'watch').length, 1);
});

test('watchEvents asks each watch to end after one to two minutes, each at another time', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS });
  const dice = [0, 0.99];
  for (const die of dice) await watch({ random: () => die }).until('synced');
  const asked = server.requests.flatMap(({ query }) => query.get('timeoutSeconds') ?? []);
  assert.deepEqual(asked, ['60', '119']);
});

test('watchEvents lists in pages when the server refuses sendInitialEvents, and remembers it', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: MANY, watchList: 'refused' });
  const heard = watch();
  await heard.until('synced');
  assert.deepEqual(namesOf(heard, 'listed'), namesIn(MANY));
  const pages = server.requests.filter(({ query }) => query.get('limit') === '500');
  assert.equal(pages.length, Math.ceil(MANY.length / 500));

  await server.watching();
  server.script('watch', { status: 410 });
  server.endWatches('reset');
  await clock.pass(FIRST_WAIT);
  await heard.until('synced', 2);
  assert.equal(server.requests.filter(({ query }) => query.has('sendInitialEvents')).length, 1);
});

test('watchEvents lists in pages when the server ignores sendInitialEvents and stays silent', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS, watchList: 'ignored' });
  const heard = watch();
  await heard.until('listed', EVENTS.length);
  await clock.pass(10 * SECOND);
  await heard.until('synced');
  assert.deepEqual(heard.story(), ['gap started', `synced ${server.storage.revision()}`]);
});

test('watchEvents lists in pages when the server ignores sendInitialEvents and tells a change instead', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS, watchList: 'ignored' });
  const heard = watch();
  await heard.until('listed', EVENTS.length);
  const [event] = EVENTS as [(typeof EVENTS)[0]];
  server.storage.write({ ...event, count: 77 });
  await heard.until('synced');
  const latest = eventItems(heard).findLast((item) => item.event.name === event.metadata.name);
  assert.equal(latest?.event.count, 77);
});

test('watchEvents asks for one page ahead and no more while its reader rests', async (t) => {
  const { server, cluster, clock } = await startWatchedDouble(t, { events: MANY, watchList: 'refused' });
  const { watchEventGroups } = await import('./watch-events.ts');
  const stop = new AbortController();
  const watch = watchEventGroups(cluster, { signal: stop.signal, clock });
  await watch.next(); // the gap
  const { value } = await watch.next();
  assert.ok(value?.every((item) => item.type === 'listed'));
  await server.seen('page');
  assert.equal(server.requests.filter(({ query }) => query.get('limit') === '500').length, 2);
  assert.ok((value?.length ?? 0) < 500);
  await watch.return(undefined);
});

test('watchEvents begins its list anew with larger pages when a page has expired', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: MANY, watchList: 'refused' });
  server.script('page', { status: 410 });
  const heard = watch();
  await heard.until('synced');
  assert.deepEqual([...new Set(namesOf(heard, 'listed'))], namesIn(MANY));
  assert.deepEqual(
    server.requests.filter(({ verb }) => verb === 'list').map(({ query }) => query.get('limit')),
    ['1', '500', '500', '5000'],
  );
  assert.deepEqual(heard.story(), ['gap started', `synced ${server.storage.revision()}`]);
});

test('watchEvents does not go on inconsistently when an expired page comes with a fresh token: a state between would be missed', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: MANY, watchList: 'refused' });
  server.script(
    'page',
    { status: 410, continue: 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiYSJ9' },
    1,
  );
  server.script(({ query }) => query.get('limit') === '5000', { status: 410 });
  const heard = watch();
  await clock.pass(FIRST_WAIT);
  await heard.until('synced');
  assert.deepEqual([...new Set(namesOf(heard, 'listed'))], namesIn(MANY));
  assert.deepEqual(
    server.requests.filter(({ verb }) => verb === 'list').map(({ query }) => query.get('limit')),
    ['1', '500', '500', '5000', null],
  );
});

test('watchEvents reads answers that come in pieces of seven bytes, gzipped or not', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { events: EVENTS, watchList: 'refused' });
  const isList = ({ query }: { query: URLSearchParams }) => query.get('limit') === '500';
  server.script(isList, { real: { pieceBytes: 7, gzip: true } });
  server.script(({ query }) => query.has('resourceVersion'), { real: { pieceBytes: 7 } });
  const heard = watch();
  await heard.until('synced');
  assert.deepEqual(namesOf(heard, 'listed'), namesIn(EVENTS));
  await server.watching();
  const [event] = EVENTS as [(typeof EVENTS)[0]];
  const message = 'Failed: “naïve” 🛑 日本語';
  server.storage.write({ ...event, message });
  const told = await heard.until('modified');
  assert.equal((told as EventItem).event.message, message);
});

test('watchEvents watches only the namespaces asked for, each on its own', async (t) => {
  const namespaces = [...new Set(MANY.map(({ metadata }) => metadata.namespace))].slice(0, 3);
  const { server, watch } = await startWatchedDouble(t, { events: MANY });
  const heard = watch({ namespaces });
  await heard.until('synced', 3);
  const wanted = MANY.filter(({ metadata }) => namespaces.includes(metadata.namespace));
  assert.deepEqual(namesOf(heard, 'listed'), namesIn(wanted));
  const synced = heard.items.flatMap((item) => (item.type === 'synced' ? [item.namespace] : []));
  assert.deepEqual(synced.sort(), namespaces.sort());
  assert.deepEqual(
    new Set(server.requests.flatMap(({ events }) => events?.namespace ?? [])),
    new Set(namespaces),
  );
});

test('watchEvents ends without a word and closes its connections when the signal aborts', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS });
  const stop = new AbortController();
  const heard = watch({ signal: stop.signal });
  await heard.until('synced');
  await server.watching();
  stop.abort();
  await heard.ended;
  await server.unwatched();
  assert.deepEqual(clock.timers(), []);
});

test('watchEvents understands what Kubernetes 1.36 answered to sendInitialEvents', async (t) => {
  const { server, watch } = await startWatchedDouble(t);
  const recorded = readRecordingBytes('v1.36/_wire/watch-sendInitialEvents.jsonl');
  server.script('watch', { pieces: [recorded], ending: 'hang' });
  const heard = watch();
  await heard.until('synced');
  assert.equal(eventItems(heard, 'listed').length, 2);
  assert.deepEqual(heard.story(), ['gap started', 'synced 17673']);
});

test('watchEvents understands the pages and the expiry that Kubernetes 1.36 answered with', async (t) => {
  const { server, watch } = await startWatchedDouble(t, { watchList: 'refused', revision: 17637 });
  const pages = [1, 2].map((page) => readRecordingBytes(`v1.36/_wire/list-limit-page${page}.json`));
  const last = readRecordingBytes('v1.36/_wire/list-rv0.json');
  for (const body of [...pages, last])
    server.script(({ query }) => query.get('limit') === '500', { pieces: [body] });
  server.script(({ query }) => query.has('resourceVersion'), {
    pieces: [readRecordingBytes('v1.36/_wire/watch-410-old-rv.jsonl')],
  });
  const heard = watch();
  await heard.until('synced', 2);
  const asked = server.requests.flatMap(({ query }) => query.get('continue') ?? []);
  assert.deepEqual(
    asked,
    pages.map((page) => JSON.parse(page.toString()).metadata.continue),
  );
  assert.equal(eventItems(heard, 'listed').length, 12);
  assert.deepEqual(heard.story(), ['gap started', 'synced 17637', 'gap expired', 'synced 17637']);
});
