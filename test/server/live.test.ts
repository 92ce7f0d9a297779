import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sighting } from '../../src/events/sighting.ts';
import { listScenarios } from '../read-recording.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { type LiveMessage, readLive } from './read-live.ts';
import { type StartedServer, serveStore, startServer } from './start-server.ts';

interface Item {
  readonly id: string;
  readonly points: readonly unknown[];
  readonly deletedAt?: string;
}

const SIGHTINGS: readonly Sighting[] = listScenarios().flatMap((scenario) =>
  readSightings(`${scenario}/events-core-v1.jsonl`),
);

/** What a reader has heard: per Event the states, in the order told. */
type Heard = Map<string, Item[]>;

function hear(heard: Heard, { event, data }: LiveMessage): void {
  if (event !== 'events') return;
  for (const item of (data as { items: Item[] }).items)
    heard.set(item.id, [...(heard.get(item.id) ?? []), item]);
}

async function readItems(server: StartedServer): Promise<Item[]> {
  const response = await fetch(`${server.url}/v1/events`, { headers: { accept: 'application/x-ndjson' } });
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Item);
}

/** Whether the reader knows everything in its last state, and was told no state twice. */
async function checkHeard(heard: Heard, server: StartedServer): Promise<void> {
  const items = await readItems(server);
  assert.equal(heard.size, items.length);
  for (const item of items) assert.deepEqual(heard.get(item.id)?.at(-1), item);
  for (const states of heard.values())
    assert.equal(new Set(states.map((state) => JSON.stringify(state))).size, states.length);
}

/** A generator of numbers that is the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test('/v1/live tells everything exactly once when a reader leaves and comes back at any id while many write', async () => {
  const parts = Array.from({ length: 6 }, (_, part) =>
    SIGHTINGS.filter((_, index) => index % 6 === part || index % 36 === part),
  );
  const [first = [], ...others] = parts;
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: first }));
  const written = Promise.all(
    others.map(async (part, writer) => {
      const next = random(writer + 1);
      for (let at = 0; at < part.length; ) {
        const size = 1 + Math.floor(next() * 60);
        await server.writer.write({ cluster: CLUSTER, sightings: part.slice(at, at + size) });
        at += size;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  const end = { at: Number.POSITIVE_INFINITY };
  written.then(async () => {
    end.at = (await server.writer.readPlace()) as number;
  });
  const next = random(99);
  const heard: Heard = new Map();
  let last: string | undefined;
  let connections = 0;
  for (let isOver = false; !isOver; connections += 1) {
    let left = connections > 40 ? Number.POSITIVE_INFINITY : Math.floor(next() * 4);
    const since = last === undefined ? '&since=2000-01-01' : '';
    for await (const message of readLive(`${server.url}/v1/live?only=events${since}`, last)) {
      hear(heard, message);
      last = message.id ?? last;
      isOver = /^\d+$/.test(last ?? '') && Number(last) >= end.at;
      if (isOver || left-- <= 0) break;
    }
    // Those who wait for the last id must not wait for a message that never comes.
    if (Number.isFinite(end.at) && /^\d+$/.test(last ?? '') && Number(last) >= end.at) isOver = true;
  }
  await written;
  assert.ok(connections > 10);
  await checkHeard(heard, server);
});

test('/v1/live resumes where it was when the server was started anew', async () => {
  const half = Math.floor(SIGHTINGS.length / 2);
  const server = await startServer((store) =>
    store.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(0, half) }),
  );
  const heard: Heard = new Map();
  let last: string | undefined;
  // In the middle of the backfill.
  for await (const message of readLive(`${server.url}/v1/live?only=events&since=2000-01-01`)) {
    hear(heard, message);
    last = message.id;
    break;
  }
  await server.stop();
  await server.writer.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(half) });
  const again = await serveStore(server.writer, server.file);
  const place = String(await server.writer.readPlace());
  for await (const message of readLive(`${again.url}/v1/live?only=events`, last)) {
    hear(heard, message);
    if (message.event === 'events' && message.id === place) break;
  }
  await checkHeard(heard, again);
});

test('/v1/live says that the history is gone when the id is of another record', async () => {
  const server = await startServer((store) =>
    store.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(0, 100) }),
  );
  const events: string[] = [];
  for await (const { event, id } of readLive(`${server.url}/v1/live?only=events`, '999999')) {
    events.push(event);
    if (event !== 'reset') continue;
    assert.equal(id, String(await server.writer.readPlace()));
    break;
  }
  assert.deepEqual(events, ['live', 'reset']);
});

test('/v1/live tells of stories and coverage as they change, and ends in words when the server stops', async () => {
  const server = await startServer((store) =>
    store.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(0, 50) }),
  );
  const seen = new Map<string, unknown>();
  for await (const { event, data } of readLive(`${server.url}/v1/live`)) {
    seen.set(event, data);
    if (event === 'live')
      await server.writer.write({ cluster: CLUSTER, sightings: SIGHTINGS.slice(50, 400) });
    const { told = [] } = (data ?? {}) as { told?: { id: string }[] };
    if (event === 'stories' && told.length > 0) {
      const story = await server.json(`/v1/stories/${told[0]?.id}`);
      assert.equal(story.id, told[0]?.id);
      void server.stop();
    }
  }
  assert.deepEqual([...seen.keys()].toSorted(), ['coverage', 'error', 'events', 'live', 'stories']);
  assert.equal((seen.get('error') as { error: { code: string } }).error.code, 'stopping');
});

test('/v1/live refuses what is no id, and kinds that there are not', async () => {
  const server = await startServer(async () => {});
  const wrongId = await server.json<{ error: { code: string } }>('/v1/live?lastEventId=nonsense');
  assert.equal(wrongId.error.code, 'bad-cursor');
  const wrongKind = await server.json<{ error: { code: string } }>('/v1/live?only=evnts');
  assert.equal(wrongKind.error.code, 'usage');
});
