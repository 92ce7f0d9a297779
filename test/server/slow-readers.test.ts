import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sighting } from '../../src/events/sighting.ts';
import { createClock } from '../../src/lib/clock.ts';
import { SECOND, wallClock } from '../../src/lib/time.ts';
import { CLUSTER, readSightings } from '../store/batches.ts';
import { readLive } from './read-live.ts';
import { startServer } from './start-server.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const PATIENCE_MS = 120_000;
const WORD = 'x'.repeat(60_000);

/** A recorded Event under another name, with a message of 60 kB. */
function makeLong(index: number): Sighting {
  const [first] = SIGHTINGS;
  assert.ok(first !== undefined);
  const { event } = first;
  return { ...first, event: { ...event, name: `${event.name}${index}`, message: `${index} ${WORD}` } };
}

async function until(isSo: () => boolean | Promise<boolean>, seen: () => unknown): Promise<void> {
  for (const since = performance.now(); !(await isSo()); await delay(20))
    if (performance.now() - since > PATIENCE_MS)
      throw new Error(`never came about: ${JSON.stringify(seen())}`);
}

/** Asks for the live stream, and takes nothing of it until `resume`. */
async function openLazily(url: string): Promise<{ readonly socket: Socket; text(): string }> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  after(() => socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.write(`GET /v1/live?only=events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await until(
    () => text.includes('event: live'),
    () => text,
  );
  socket.pause();
  return { socket, text: () => text };
}

test('a reader that takes nothing is let go in words, while others hear everything; it comes back and has missed nothing', async () => {
  const clock = createClock(wallClock);
  // Whoever was let go may read why for as long as the test is patient.
  const patient: typeof clock = {
    ...clock,
    after: (length, callback) => clock.after(length === 2 * SECOND ? PATIENCE_MS * 1000 : length, callback),
  };
  const server = await startServer((store) => store.write({ cluster: CLUSTER, sightings: SIGHTINGS }), {
    clock: patient,
  });
  const readMetrics = async () => await (await fetch(`${server.url}/metrics`)).text();
  const lazy = await openLazily(server.url);
  const heard = new Set<string>();
  const stop = new AbortController();
  after(() => stop.abort());
  const eager = (async () => {
    for await (const { data } of readLive(`${server.url}/v1/live?only=events`)) {
      for (const { id } of (data as { items?: { id: string }[] }).items ?? []) heard.add(id);
      if (stop.signal.aborted) return;
    }
  })();
  await until(
    async () => /^hark_live_readers 2$/m.test(await readMetrics()),
    () => 'two readers',
  );
  // More than a socket takes and the server keeps for one reader: it stops when that one is let go.
  let written = 0;
  const writeMore = async () => {
    const sightings = Array.from({ length: 20 }, (_, index) => makeLong(written + index));
    await server.writer.write({ cluster: CLUSTER, sightings });
    written += sightings.length;
    await until(
      () => heard.size === written,
      () => [heard.size, written],
    );
  };
  let metrics = '';
  while (!/^hark_live_readers_let_go_total\{code="too-slow"\} 1$/m.test(metrics)) {
    assert.ok(written < 4_000, `after ${written} Events of 60 kB it is not let go: ${metrics}`);
    await writeMore();
    metrics = await readMetrics();
  }
  await writeMore();
  assert.match(metrics, /^hark_live_readers 1$/m);
  lazy.socket.resume();
  await until(
    () => lazy.text().includes('"too-slow"'),
    () => lazy.text().slice(-300),
  );
  const ids = [...lazy.text().matchAll(/^id: (.*)$/gm)];
  const taken = new Set(Array.from(lazy.text().matchAll(/"id":"([^"]+)"/g), ([, id = '']) => id));
  assert.ok(taken.size < written, 'it was let go before the end');
  for await (const { data } of readLive(`${server.url}/v1/live?only=events`, ids.at(-1)?.[1])) {
    for (const { id } of (data as { items?: { id: string }[] }).items ?? []) {
      assert.equal(taken.has(id), false, `${id} is told twice`);
      taken.add(id);
    }
    if (taken.size === written) break;
  }
  assert.deepEqual(taken, heard);
  stop.abort();
  await server.writer.write({ cluster: CLUSTER, sightings: [makeLong(written)] });
  await eager;
});

test('two hundred readers hear the same, each everything once', async () => {
  const server = await startServer(async () => {});
  const all = new Set(SIGHTINGS.map(({ event }) => event.name)).size;
  const open = Promise.withResolvers<void>();
  let count = 0;
  const readers = Array.from({ length: 200 }, async () => {
    const heard = new Map<string, string>();
    for await (const { event, data } of readLive(`${server.url}/v1/live?only=events`)) {
      if (event === 'live' && ++count === 200) open.resolve();
      for (const item of (data as { items?: { id: string; points: unknown[] }[] }).items ?? []) {
        assert.notEqual(heard.get(item.id), JSON.stringify(item.points), `${item.id} is told twice`);
        heard.set(item.id, JSON.stringify(item.points));
      }
      if (heard.size === all) break;
    }
    return [...heard].sort();
  });
  await open.promise;
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^hark_live_readers 200$/m);
  await server.writer.write({ cluster: CLUSTER, sightings: SIGHTINGS });
  const [first, ...others] = await Promise.all(readers);
  assert.equal(first?.length, all);
  for (const other of others) assert.deepEqual(other, first);
});
