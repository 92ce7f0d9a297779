import assert from 'node:assert/strict';
import test from 'node:test';
import { readRecordedEvents, readRecordedUpdates } from '../../test/api-server/read-recorded-events.ts';
import { type Heard, startWatchedDouble } from '../../test/api-server/watch-double.ts';
import { SECOND } from '../lib/time.ts';

const EVENTS = readRecordedEvents('v1.36/b-bad-image');

/** The first wait after a failure, when the dice say 0.5. */
const FIRST_WAIT = 0.375 * SECOND;

function namesOf(heard: Heard, type: string): string[] {
  return heard.items
    .flatMap((item) => (item.type === type && 'event' in item ? [item.event.name] : []))
    .sort();
}

function namesIn(events: readonly { metadata: { name: string } }[]): string[] {
  return events.map((event) => event.metadata.name).sort();
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
  const changes = heard.items.flatMap((item) => ('event' in item && item.type !== 'listed' ? [item] : []));
  assert.equal(changes.length, updates.length + 1);
  assert.deepEqual(
    changes.map((item) => item.event.name),
    [...updates, { metadata }].map((update) => update.metadata.name),
  );
  assert.equal(server.requests.filter((request) => request.verb === 'watch').length, 1);
});

test('watchEvents lists in pages when the server refuses sendInitialEvents, and remembers it', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS, watchList: 'refused' });
  const heard = watch();
  await heard.until('synced');
  assert.deepEqual(namesOf(heard, 'listed'), namesIn(EVENTS));
  await server.watching();
  server.script('watch', { status: 410 });
  server.endWatches('reset');
  await clock.pass(FIRST_WAIT);
  await heard.until('synced', 2);
  const asked = server.requests.filter((request) => request.query.has('sendInitialEvents'));
  assert.equal(asked.length, 1);
});

test('watchEvents lists in pages when the server ignores sendInitialEvents and stays silent', async (t) => {
  const { server, clock, watch } = await startWatchedDouble(t, { events: EVENTS, watchList: 'ignored' });
  const heard = watch();
  await heard.until('listed', EVENTS.length);
  await clock.pass(10 * SECOND);
  await heard.until('synced');
  assert.deepEqual(heard.story(), ['gap started', `synced ${server.storage.revision()}`]);
});
