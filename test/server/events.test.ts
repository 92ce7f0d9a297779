import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRecordedEvents } from '../../src/events/compare-events.ts';
import type { RecordedEvent } from '../../src/events/event.ts';
import type { Sighting } from '../../src/events/sighting.ts';
import { idOf } from '../../src/follow/change-reader.ts';
import { formatItem } from '../../src/server/to-json.ts';
import type { SqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { listScenarios } from '../read-recording.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { startServer } from './start-server.ts';

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
}

const SIGHTINGS = listScenarios()
  .filter((scenario) => scenario.startsWith('v1.36/'))
  .flatMap((scenario) => readSightings(`${scenario}/events-core-v1.jsonl`));

async function readAll(store: SqliteStore): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of store.readEvents({})) all.push(...page);
  return all.sort(compareRecordedEvents);
}

for (const order of ['newest', 'oldest'] as const) {
  test(`/v1/events gives every Event once, in time order, page by page, when order is ${order}`, async () => {
    const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));
    const expected = (await readAll(server.writer)).map((record) => JSON.parse(formatItem(record)));
    const pages: Page['items'][] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const page: Page = await server.json(`/v1/events?limit=37&order=${order}${cursor}`);
      assert.ok(page.items.length > 0 && page.items.length <= 37);
      pages.push(page.items);
      next = page.next;
    }
    assert.ok(pages.length > 5);
    assert.deepEqual((order === 'newest' ? pages.reverse() : pages).flat(), expected);
  });

  test(`/v1/events gives what was there at the beginning exactly once when Events repeat between pages, order ${order}`, async () => {
    const half = Math.floor(SIGHTINGS.length / 2);
    const later: Sighting[] = SIGHTINGS.slice(half);
    const server = await startServer((store) =>
      store.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(0, half) }),
    );
    const before = (await readAll(server.writer)).map(idOf);
    const given: string[] = [];
    let moved = 0;
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const path = `/v1/events?limit=29&order=${order}${cursor}`;
      const page: Page = await server.json(path);
      const again: Page = await server.json(path);
      if (next !== '') assert.deepEqual(again.items, page.items);
      given.push(...page.items.map(({ id }) => id));
      next = page.next;
      // Every Event of some objects is seen again, now: it moves to the end.
      const sightings = later.splice(0, 40).concat(repeatSome(await readAll(server.writer), moved));
      moved += 1;
      await server.writer.write({ cluster: CLUSTER, sightings });
    }
    assert.deepEqual(given.toSorted(), [...new Set(given)].toSorted());
    assert.deepEqual(
      before.filter((id) => !given.includes(id)),
      [],
    );
  });
}

/** A few of the Events as they would look had they happened once more just now. */
function repeatSome(records: readonly RecordedEvent[], turn: number): Sighting[] {
  if (turn > 12) return [];
  const latest = Math.max(...records.map(({ points }) => points.at(-1)?.at ?? 0));
  return records
    .filter((_, index) => index % 17 === turn % 17)
    .map(({ event }) => ({
      event: { ...event, count: event.count + 1, lastTimestamp: Math.floor(latest / 1e6) * 1e6 + 1e6 },
      deleted: false,
      at: latest,
    }));
}

test('/v1/events answers as a stream of lines when that is asked for', async () => {
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));
  const response = await fetch(`${server.url}/v1/events?type=Warning`, {
    headers: { accept: 'application/x-ndjson' },
  });
  const lines = (await response.text()).trimEnd().split('\n');
  const expected = (await readAll(server.writer)).filter(({ event }) => event.type === 'Warning');
  assert.deepEqual(lines, expected.map(formatItem));
});

test('/v1/events answers 304 when nothing has changed, compresses, and names a wrong parameter', async () => {
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }));
  const path = `${server.url}/v1/events?order=oldest&limit=50`;
  const first = await fetch(path, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(first.headers.get('content-encoding'), 'gzip');
  await first.text();
  const etag = first.headers.get('etag') ?? '';
  const { status } = await fetch(`${server.url}/v1/clusters`, {
    headers: {
      'if-none-match': (await fetch(`${server.url}/v1/clusters`)).headers.get('etag') ?? '',
    },
  });
  assert.notEqual(etag, '');
  assert.equal(status, 304);
  const wrong = await fetch(`${server.url}/v1/events?raeson=BackOff`);
  assert.equal(wrong.status, 400);
  assert.deepEqual(await wrong.json(), {
    error: {
      code: 'unknown-parameter',
      message: 'there is no parameter "raeson"',
      hint: 'Did you mean "reason"?',
    },
  });
  for (const [path, code, status] of [
    ['/v1/events?since=never', 'usage', 400],
    ['/v1/events?grep=%5B', 'usage', 400],
    ['/v1/events?limit=0', 'usage', 400],
    ['/v1/events?cursor=abc', 'bad-cursor', 400],
    ['/v1/events?cluster=other', 'unknown-cluster', 404],
    ['/v1/stories/none', 'not-found', 404],
    ['/v2', 'not-found', 404],
  ] as const) {
    const response = await fetch(server.url + path);
    const { error } = (await response.json()) as { error: { code: string } };
    assert.deepEqual([path, error.code, response.status], [path, code, status]);
  }
});
