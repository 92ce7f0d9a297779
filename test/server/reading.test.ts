import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Sighting } from '../../src/events/sighting.ts';
import { SECOND } from '../../src/lib/time.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openStories } from '../../src/stories/open-stories.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { readLive } from './read-live.ts';
import { serveStore, startServer } from './start-server.ts';

/** More Events than are read at a time: a recorded rollout that fails, in namespaces of their own, an hour apart. */
const MANY: readonly Sighting[] = Array.from({ length: 170 }, (_, copy) =>
  readSightings('v1.36/b-bad-image/events-core-v1.jsonl').map((sighting) => move(sighting, copy)),
).flat();

function move({ event, ...rest }: Sighting, copy: number): Sighting {
  const later = (at: number | undefined) => (at === undefined ? undefined : at + copy * 3600 * SECOND);
  const namespace = `${event.namespace}-${copy}`;
  return {
    ...rest,
    at: rest.at + copy * 3600 * SECOND,
    event: {
      ...event,
      namespace,
      involvedObject: { ...event.involvedObject, namespace, uid: `${event.involvedObject.uid}-${copy}` },
      firstTimestamp: later(event.firstTimestamp),
      lastTimestamp: later(event.lastTimestamp),
      eventTime: later(event.eventTime),
    },
  };
}

interface Clusters {
  readonly reading: { readonly events: number; readonly of: number; readonly since: string } | null;
}

test('a server that reads a long record answers of the newest Events at once, says how far it is, and comes to tell of all', async () => {
  const { promise: isOpen, resolve: openGate } = Promise.withResolvers<void>();
  after(() => openGate());
  const whole = await startServer((store) => store.write({ cluster: CLUSTER, sightings: MANY }));
  const { events } = await whole.writer.readSize();
  assert.ok(events > 4_000, `${events}`);
  // Whatever is older than the newest waits, as on a slow disk.
  const reader = openSqliteStore({ file: whole.file, mode: 'read' });
  const slow: Store = {
    ...reader,
    async *readEvents(query, signal) {
      if (query.lastUntil !== undefined) await isOpen;
      yield* reader.readEvents(query, signal);
    },
  };
  const { promise: said, resolve: say } = Promise.withResolvers<string>();
  const served = serveStore(whole.writer, whole.file, { store: slow }, say);
  const url = await said;
  const json = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T;

  const first = await json<{ totals: { events: number } }>('/v1/timeline');
  assert.equal(first.totals.events, 4_000);
  const { reading } = await json<Clusters>('/v1/clusters');
  assert.deepEqual([reading?.events, reading?.of], [4_000, events]);
  const ready = await fetch(`${url}/readyz`);
  assert.deepEqual(
    [ready.status, await ready.text()],
    [200, `reading the record: ${Math.floor(400_000 / events)} %\n`],
  );
  const { items, toldSince } = await json<{ items: { from: string }[]; toldSince: string }>('/v1/stories');
  assert.equal(toldSince, reading?.since);
  assert.ok(items.length > 0);

  const progress: (Clusters['reading'] | undefined)[] = [];
  for await (const { event, data } of readLive(`${url}/v1/live?only=coverage`)) {
    if (event !== 'coverage') continue;
    progress.push((data as Clusters).reading);
    if (progress.length === 1) openGate();
    if (progress.at(-1) === null) break;
  }
  assert.equal(progress[0]?.events, 4_000);
  await served;
  assert.equal((await json<Clusters>('/v1/clusters')).reading, null);
  assert.equal(await (await fetch(`${url}/readyz`)).text(), 'ok\n');
  const all = await json<{ totals: { events: number } }>('/v1/timeline');
  assert.equal(all.totals.events, events);
  const stories = openStories();
  for await (const page of whole.writer.readEvents({})) page.forEach(stories.addEvent);
  const told = await json<{ items: { id: string }[]; toldSince: null }>('/v1/stories?limit=1000');
  assert.equal(told.toldSince, null);
  assert.deepEqual(
    told.items.map(({ id }) => id).sort(),
    stories
      .tell()
      .map(({ id }) => id)
      .sort(),
  );
});
