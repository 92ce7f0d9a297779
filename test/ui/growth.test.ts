import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sighting } from '../../src/events/sighting.ts';
import { HOUR, SECOND } from '../../src/lib/time.ts';
import { createListeningBoard } from '../../src/server/listening-board.ts';
import { serveStore } from '../server/start-server.ts';
import { CLUSTER } from '../store/batches.ts';
import { middleOf, untilDrawn, untilMoved } from './look-at-page.ts';
import { openPage } from './open-browser.ts';
import { MIXED, PAGES, servePages } from './serve-pages.ts';

test('what is new comes in, but waits while the timeline is pointed at', async () => {
  const half = MIXED.slice(0, Math.floor(MIXED.length / 2));
  const server = await servePages(half, { standsStill: false });
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  await page.waitForSelector('[data-testid="live"]:not([data-state="connecting"])');
  const rows = await page.locator('.timeline').getAttribute('data-rows');
  const { x, y } = await middleOf(page, '.timeline-area');
  await page.mouse.move(x, y);
  await server.writer.write({ cluster: CLUSTER, sightings: MIXED });
  await page.waitForSelector('[data-testid="live"][data-state="held"]');
  assert.equal(
    await page.locator('.timeline').getAttribute('data-rows'),
    rows,
    'nothing moves under the mouse',
  );
  await page.mouse.move(5, 5);
  await page.waitForFunction(
    (before) => document.querySelector('.timeline')?.getAttribute('data-rows') !== before,
    rows,
  );
});

test('the page says that the server is away, and goes on by itself when it is back', async () => {
  const half = MIXED.slice(0, Math.floor(MIXED.length / 2));
  const server = await servePages(half);
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  await page.waitForSelector('[data-testid="live"]:not([data-state="connecting"])');
  const rows = await page.locator('.timeline').getAttribute('data-rows');
  const { port } = new URL(server.url);
  await server.stop();
  await page.waitForSelector('[data-testid="live"][data-state="lost"]');
  assert.equal((await page.locator('.row').count()) > 0, true, 'what was shown stays');
  await server.writer.write({ cluster: CLUSTER, sightings: MIXED });
  await serveStore(server.writer, server.file, {
    pages: PAGES,
    address: { host: '127.0.0.1', port: Number(port) },
  });
  await page.waitForSelector('[data-testid="live"]:not([data-state="lost"])');
  await page.waitForFunction(
    (before) => document.querySelector('.timeline')?.getAttribute('data-rows') !== before,
    rows,
  );
  assert.equal(await page.locator('.note.bad').count(), 0);
});

test('the page says so when a cluster is not heard', async () => {
  const board = createListeningBoard([CLUSTER.name]);
  board.take({ type: 'connected', feed: CLUSTER.name, cluster: CLUSTER });
  const server = await servePages(MIXED, { board });
  const { page } = await openPage(server.url);
  await page.waitForSelector('[data-testid="live"][data-state="live"]');
  assert.equal(await page.locator('.note').count(), 0);
  board.take({ type: 'failed', feed: CLUSTER.name, error: new Error('events is forbidden') });
  await page.getByText(`Hark can’t listen to ${CLUSTER.name}`).waitFor();
});

test('many rows begin folded, and a link shows the rows that were unfolded', async () => {
  const [first] = MIXED;
  assert.ok(first !== undefined);
  const server = await servePages([
    ...MIXED,
    ...Array.from({ length: 70 }, (_, index) => repeat(first, index)),
  ]);
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  await page.waitForFunction(() => {
    const scroller = document.querySelector('.scroll');
    scroller?.scrollTo(0, scroller.scrollHeight);
    return document.querySelector('.row[aria-expanded="false"]') !== null;
  });
  assert.equal(await page.locator('.row[aria-expanded="true"]').count(), 0);
  await page.locator('.row[aria-expanded="false"]').last().click();
  await page.locator('.row[aria-level="2"]').first().waitFor();
  const rows = await page.locator('.timeline').getAttribute('data-rows');
  await page.reload();
  await page.waitForFunction(
    (before) => document.querySelector('.timeline')?.getAttribute('data-rows') === before,
    rows,
  );
});

test('a million happenings are a few hundred kilobytes and as many rows as are seen', async () => {
  const [first] = MIXED;
  assert.ok(first !== undefined);
  const many = Array.from({ length: 400 }, (_, index) => repeat(first, index));
  const server = await servePages(many);
  const { page } = await openPage(server.url);
  let bytes = 0;
  page.on('response', async (response) => {
    if (!response.url().includes('/v1/timeline')) return;
    bytes = Math.max(bytes, (await response.body().catch(() => Buffer.alloc(0))).length);
  });
  await page.reload();
  await untilDrawn(page);
  const facets = await server.json<{ types: { count: number }[] }>('/v1/facets');
  assert.equal(
    facets.types.reduce((sum, { count }) => sum + count, 0),
    1_000_000,
  );
  const before = page.url();
  const { x, y } = await middleOf(page, '.timeline-area');
  await page.mouse.move(x, y);
  await page.keyboard.down('Control');
  for (let step = 0; step < 10; step++) await page.mouse.wheel(0, -120);
  await page.keyboard.up('Control');
  await untilMoved(page, before);
  assert.ok((await page.locator('.row').count()) < 60, 'only what is seen is there');
  assert.ok(bytes > 0 && bytes < 700_000, `${bytes} bytes`);
});

/** One Event of its own Pod that happened 2,500 times in 17 hours, seen 50 times. */
function repeat({ event, ...rest }: Sighting, index: number): Sighting {
  const start = event.firstTimestamp ?? event.eventTime ?? 0;
  const points = Array.from({ length: 50 }, (_, seen) => ({
    count: (seen + 1) * 50,
    series: false,
    at: start + Math.floor((seen * 17 * HOUR) / 50 / SECOND) * SECOND,
    message: event.message,
  }));
  const last = points.at(-1);
  return {
    ...rest,
    event: {
      ...event,
      type: index % 3 === 0 ? 'Normal' : 'Warning',
      name: `${event.name}-${index}`,
      uid: `${event.uid}-${index}`,
      involvedObject: { ...event.involvedObject, kind: 'Pod', name: `web-${index}`, uid: `u-${index}` },
      count: last?.count ?? 1,
      lastTimestamp: last?.at,
    },
    points,
  };
}
