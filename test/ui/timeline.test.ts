import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Sighting } from '../../src/events/sighting.ts';
import { HOUR, SECOND } from '../../src/lib/time.ts';
import { createListeningBoard } from '../../src/server/listening-board.ts';
import { serveStore } from '../server/start-server.ts';
import { CLUSTER } from '../store/batches.ts';
import { openPage } from './open-browser.ts';
import { MIXED, PAGES, servePages } from './serve-pages.ts';

const RANGE = '.toolbar .range';

/** What the time scale says: it moves with every zoom and pan. */
function readRange(page: Page): Promise<string> {
  return page.locator(RANGE).innerText();
}

/** Waits until the time looked at is another than in that URL, and has come to rest. */
async function untilMoved(page: Page, from: string): Promise<void> {
  await page.waitForURL((url) => url.href !== from && url.search.includes('since='));
  await page.waitForFunction((selector) => {
    const text = `${document.querySelector(selector)?.textContent} ${window.location.search}`;
    const kept = window as unknown as { seen?: string; times?: number };
    kept.times = kept.seen === text ? (kept.times ?? 0) + 1 : 0;
    kept.seen = text;
    // More frames than a view needs to be in the URL.
    return kept.times > 40;
  }, RANGE);
}

/** The middle of what is drawn. */
async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number; width: number }> {
  const box = await page.locator(selector).boundingBox();
  assert.ok(box !== null, selector);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}

/** How many pixels of the drawing have the colour that a variable of the style sheet names. */
function countPixels(page: Page, variable: string): Promise<number> {
  return page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.timeline-canvas');
    const context = canvas?.getContext('2d');
    const probe = document.createElement('canvas').getContext('2d');
    if (!canvas || !context || !probe) return 0;
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255)
        count += 1;
    return count;
  }, variable);
}

async function untilDrawn(page: Page): Promise<void> {
  await page.waitForSelector(
    '.timeline[data-rows]:not([data-rows="0"]):not([data-rows=""]) .timeline-canvas',
  );
  await page.waitForSelector('.row');
}

test('the page shows what is wrong and draws the record when it is opened, asking nobody else', async () => {
  const server = await servePages(MIXED);
  const { page, errors, strangers } = await openPage(server.url);
  await untilDrawn(page);
  const why = await server.json<{ findings: { says: string }[] }>('/v1/why');
  assert.ok(why.findings.length > 0);
  const says = await page.locator('.finding[data-state="now"] .says').allInnerTexts();
  assert.deepEqual(
    says,
    why.findings.map((finding) => finding.says),
  );
  assert.ok((await countPixels(page, '--warning')) > 50, 'Warnings are drawn');
  assert.ok((await countPixels(page, '--normal')) > 50, 'the others, too');
  const first = await page.locator('.row .badge.warning').first().innerText();
  const timeline = await server.json<{ rows: { warnings: number }[] }>('/v1/timeline?rows=1');
  assert.equal(Number.parseInt(first, 10), timeline.rows[0]?.warnings);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
});

test('the timeline zooms by wheel around the mouse and pans by drag; the URL shows the same after a reload', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  const [before, first] = [await readRange(page), page.url()];
  const { x, y, width } = await middleOf(page, '.timeline-area');
  await page.mouse.move(x, y);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await untilMoved(page, first);
  const [zoomed, second] = [await readRange(page), page.url()];
  assert.notEqual(zoomed, before);
  await page.mouse.down();
  await page.mouse.move(x - width / 4, y, { steps: 4 });
  await page.mouse.up();
  await untilMoved(page, second);
  const panned = await readRange(page);
  assert.notEqual(panned, zoomed);
  assert.equal(panned.split(' · ')[1], zoomed.split(' · ')[1], 'a drag keeps the length');
  await page.reload();
  await untilDrawn(page);
  assert.equal(await readRange(page), panned);
  await page.locator('.toolbar button', { hasText: 'All' }).click();
  await page.waitForFunction(
    ([selector, text]) => document.querySelector(selector ?? '')?.textContent === text,
    [RANGE, before],
  );
});

test('two fingers zoom and one pans on a phone', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url, '/', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await untilDrawn(page);
  const [before, first] = [await readRange(page), page.url()];
  const { x, y } = await middleOf(page, '.timeline-area');
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((each, id) => ({ x: each, y: y + 20 * id, id })),
    });
  await touch('touchStart', x - 20, x + 20);
  for (const apart of [30, 50, 70]) await touch('touchMove', x - apart, x + apart);
  await touch('touchEnd');
  await untilMoved(page, first);
  const [zoomed, second] = [await readRange(page), page.url()];
  assert.notEqual(zoomed.split(' · ')[1], before.split(' · ')[1]);
  await touch('touchStart', x + 40);
  for (const by of [20, 0, -40]) await touch('touchMove', x + by);
  await touch('touchEnd');
  await untilMoved(page, second);
  assert.equal((await readRange(page)).split(' · ')[1], zoomed.split(' · ')[1]);
});

test('a filter is in the URL, holds after a reload, and goes with a click or the back button', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  const all = await page.locator('.timeline').getAttribute('data-rows');
  const facets = await server.json<{ namespaces: { value: string }[] }>('/v1/facets');
  const name = facets.namespaces[0]?.value ?? '';
  await page.getByRole('checkbox', { name }).first().check();
  await page.waitForURL(new RegExp(`namespace=${name}`));
  await page.waitForFunction(
    (before) => document.querySelector('.timeline')?.getAttribute('data-rows') !== before,
    all,
  );
  const some = await page.locator('.timeline').getAttribute('data-rows');
  assert.ok(Number(some) > 0 && Number(some) < Number(all));
  await page.reload();
  await untilDrawn(page);
  assert.equal(await page.locator('.timeline').getAttribute('data-rows'), some);
  await page.goBack();
  await page.waitForFunction(
    (rows) => document.querySelector('.timeline')?.getAttribute('data-rows') === rows,
    all,
  );
  await page.goForward();
  await page.getByRole('button', { name: `Remove the filter namespace ${name}` }).click();
  await page.waitForFunction(
    (rows) => document.querySelector('.timeline')?.getAttribute('data-rows') === rows,
    all,
  );
});

test('words are looked for in messages, and a way back is shown when nothing matches', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  await page.keyboard.press('/');
  await page.keyboard.type('no such words anywhere');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await untilDrawn(page);
  assert.equal(new URL(page.url()).search, '');
});

test('a message is text, whatever it holds', async () => {
  const [first] = MIXED;
  assert.ok(first !== undefined);
  const message = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const hostile: Sighting = { ...first, event: { ...first.event, message, type: 'Warning' } };
  const server = await servePages([hostile]);
  const { page, errors } = await openPage(server.url, '/?view=events');
  await page.locator('.event-row').click();
  await page.locator('.panel .message').first().waitFor();
  assert.equal(await page.locator('.panel .message').first().innerText(), message);
  assert.equal(await page.locator('.panel img, .panel script').count(), 0);
  assert.match(await page.title(), /Hark/);
  assert.deepEqual(errors, []);
});

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

test('everything can be reached by keyboard: rows, what happened in them, more of it, and back', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url);
  await untilDrawn(page);
  const rows = await page.locator('.timeline').getAttribute('data-rows');
  await page.locator('.row[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '1');
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '0');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(
    (before) => document.querySelector('.timeline')?.getAttribute('data-rows') !== before,
    rows,
  );
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(
    (before) => document.querySelector('.timeline')?.getAttribute('data-rows') === before,
    rows,
  );
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.classList.contains('timeline-area'));
  const before = page.url();
  await page.keyboard.press('+');
  await untilMoved(page, before);
  await page.keyboard.press('0');
  await page.waitForURL((url) => !url.search.includes('since='));
  await page.locator('.tooltip').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.panel').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.panel').waitFor({ state: 'detached' });
});

test('a finding leads to its story, a step of it, and the Event in full', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url);
  await page.locator('.finding button').first().click();
  await page.locator('.panel').getByText('First error').waitFor();
  await page.getByRole('button', { name: 'The whole story' }).click();
  await page.locator('.tree-step').last().click();
  await page.getByText('Caused by').waitFor();
  await page.locator('.occurrences li').first().waitFor();
  await page.getByText('Every field').click();
  assert.ok((await page.locator('.fields tr').count()) > 10);
  const url = page.url();
  await page.reload();
  await page.getByText('Caused by').waitFor();
  assert.equal(page.url(), url);
});

test('a view is copied as a command, a finding as Markdown', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url, '/?namespace=shop', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Share and more' }).click();
  await page.getByRole('button', { name: 'Copy as a hark command' }).click();
  await page.getByText('Command copied').waitFor();
  assert.equal(await copied(), 'hark events -n shop');
  await page.locator('.finding button').first().click();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied as Markdown').waitFor();
  assert.match(await copied(), /^\*\*deployment\/podinfo.*\*\*\n- since 2026-/);
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

test('two stories stand beside each other to one scale', async () => {
  const server = await servePages(MIXED);
  const { page } = await openPage(server.url, '/?view=stories');
  await page.locator('.story-item').nth(0).click();
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByText('Choose the story to compare with').waitFor();
  await page.locator('.story-item').nth(3).click();
  await page.waitForFunction(() => document.querySelectorAll('.compare .tree').length === 2);
  assert.equal(new URL(page.url()).searchParams.getAll('compare').length, 2);
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
