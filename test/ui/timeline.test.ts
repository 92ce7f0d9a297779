import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Sighting } from '../../src/events/sighting.ts';
import { countPixels, middleOf, RANGE, readRange, untilDrawn, untilMoved } from './look-at-page.ts';
import { openPage } from './open-browser.ts';
import { MIXED, servePages } from './serve-pages.ts';

/** One server for all who only look. */
const shared = await servePages(MIXED);

test('the page shows what is wrong and draws the record when it is opened, asking nobody else', async () => {
  const { page, errors, strangers } = await openPage(shared.url);
  await untilDrawn(page);
  const why = await shared.json<{ findings: { says: string }[] }>('/v1/why');
  assert.ok(why.findings.length > 0);
  const says = await page.locator('.finding[data-state="now"] .says').allInnerTexts();
  assert.deepEqual(
    says,
    why.findings.map((finding) => finding.says),
  );
  assert.ok((await countPixels(page, '--warning')) > 50, 'Warnings are drawn');
  assert.ok((await countPixels(page, '--normal')) > 50, 'the others, too');
  const first = await page.locator('.row .badge.warning').first().innerText();
  const timeline = await shared.json<{ rows: { warnings: number }[] }>('/v1/timeline?rows=1');
  assert.equal(Number.parseInt(first, 10), timeline.rows[0]?.warnings);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
});

test('the timeline zooms by wheel around the mouse and pans by drag; the URL shows the same after a reload', async () => {
  const { page } = await openPage(shared.url);
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

test('a column of the histogram tells its time, counts and reasons to the mouse, and to the keyboard', async () => {
  const { page, errors } = await openPage(shared.url);
  await untilDrawn(page);
  const { histogram } = await shared.json<{
    histogram: { normal: number[]; warning: number[]; reasons: [number, string, number][] };
  }>('/v1/timeline?width=240&rows=0&reasons=3');
  const told = histogram.reasons.filter(([part]) => part === 0);
  assert.ok(told.length > 0, 'a record begins with something that happened');
  const says = (count: number) => Math.round(count).toLocaleString('en');
  const counts = `${says(histogram.normal[0] ?? 0)} Normal, ${says(histogram.warning[0] ?? 0)} Warning`;
  const tip = page.locator('.histogram-frame .tooltip');
  const lines = () => tip.locator('span').allInnerTexts();
  await page.locator('.toolbar button').last().focus();
  await page.keyboard.press('Tab');
  await tip.waitFor();
  const first = await lines();
  assert.deepEqual(first.slice(0, 1 + told.length), [
    counts,
    ...told.map(([, reason, count]) => `${says(count)} × ${reason}`),
  ]);
  const spoken = await page.locator('.histogram-frame [aria-live]').textContent();
  assert.ok(spoken?.includes(counts), spoken ?? '');
  const column = await page.locator('.pointed-part').boundingBox();
  assert.ok(column !== null);
  const title = await tip.locator('strong').innerText();
  await page.keyboard.press('Shift+ArrowRight');
  await tip.getByText(title).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await tip.waitFor({ state: 'detached' });
  await page.mouse.move(column.x + column.width / 2, column.y + column.height / 2);
  await tip.getByText(title).waitFor();
  assert.deepEqual(await lines(), first);
  await page.mouse.move(0, 0);
  await tip.waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** Fingers at a height of the page: where each is now. */
async function openTouch(page: Page, y: number) {
  const session = await page.context().newCDPSession(page);
  return (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((each, id) => ({ x: each, y: y + 4 * id, id })),
    });
}

test('two fingers zoom and one pans on a phone', async () => {
  const { page } = await openPage(shared.url, '/', PHONE);
  await untilDrawn(page);
  const [before, first] = [await readRange(page), page.url()];
  const { x, y } = await middleOf(page, '.timeline-area');
  const touch = await openTouch(page, y);
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

test('a finger taps at a column of the histogram, one drags a stretch of it, between two lies what is looked at', async () => {
  const { page } = await openPage(shared.url, '/', PHONE);
  await untilDrawn(page);
  const [whole, first] = [await readRange(page), page.url()];
  const { x, y, width } = await middleOf(page, '.histogram');
  const touch = await openTouch(page, y);
  const tip = page.locator('.histogram-frame .tooltip');
  // The first column is where the record begins.
  const left = x - width / 2;
  const { histogram } = await shared.json<{ histogram: { normal: number[] } }>(
    '/v1/timeline?width=240&rows=0',
  );
  await touch('touchStart', left + 8);
  await touch('touchEnd');
  await tip.getByText(`${histogram.normal[0]} Normal`).waitFor();
  assert.equal(await readRange(page), whole, 'a tap looks nowhere else while everything is looked at');
  await touch('touchStart', x - 60);
  for (const to of [-30, 0, 40]) await touch('touchMove', x + to);
  await touch('touchEnd');
  await untilMoved(page, first);
  await tip.waitFor({ state: 'detached' });
  const [brushed, second] = [await readRange(page), page.url()];
  assert.notEqual(brushed, whole);
  await touch('touchStart', x - 100, x + 80);
  await touch('touchMove', x - 110, x + 90);
  await touch('touchEnd');
  await untilMoved(page, second);
  const share = await page.locator('.brush').evaluate((brush) => {
    const all = brush.parentElement?.getBoundingClientRect().width ?? 1;
    return brush.getBoundingClientRect().width / all;
  });
  assert.ok(Math.abs(share - 200 / width) < 0.02, `${share}`);
});

test('times are told by the clock or by how long ago they were, in every list, and the link says which', async () => {
  const { page } = await openPage(shared.url, '/?view=events');
  const times = page.locator('.event-row time');
  await times.first().waitFor();
  assert.match(await times.first().innerText(), /^(\d+ [A-Z][a-z]{2} )?\d\d:\d\d:\d\d/);
  await page.getByRole('button', { name: 'Ago', exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get('times') === 'ago');
  await page.reload();
  await times.first().waitFor();
  const told = await times.allInnerTexts();
  assert.ok(
    told.every((text) => /( ago| before the end)$|^at the end$/.test(text)),
    told.join(),
  );
  assert.match((await times.first().getAttribute('title')) ?? '', /^[A-Z][a-z]{2} \d+ .* UTC$/);
  await page.getByRole('navigation').getByRole('button', { name: 'Stories' }).click();
  const story = page.locator('.story-item time').first();
  await story.waitFor();
  assert.match(await story.innerText(), / ago| before the end/);
});

test('rows, marks and text of the drawing are larger on a 4K screen', async () => {
  const { page } = await openPage(shared.url, '/', { viewport: { width: 3840, height: 2160 } });
  await untilDrawn(page);
  const text = await page.evaluate(() =>
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  );
  const row = await page.locator('.row').first().boundingBox();
  assert.ok(text > 18, `${text}`);
  assert.equal(row?.height, Math.round((34 * text) / 14));
});

test('a filter is in the URL, holds after a reload, and goes with a click or the back button', async () => {
  const { page } = await openPage(shared.url);
  await untilDrawn(page);
  const all = await page.locator('.timeline').getAttribute('data-rows');
  const facets = await shared.json<{ namespaces: { value: string }[] }>('/v1/facets');
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
  const { page } = await openPage(shared.url);
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

test('everything can be reached by keyboard: rows, what happened in them, more of it, and back', async () => {
  const { page } = await openPage(shared.url);
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
  const { page } = await openPage(shared.url);
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
  const { page } = await openPage(shared.url, '/?namespace=shop', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Share and more' }).click();
  await page.getByRole('button', { name: 'Copy as a hark command' }).click();
  await page.getByText('Command copied').waitFor();
  assert.equal(await copied(), `hark events -n shop --server ${shared.url}`);
  await page.locator('.finding button').first().click();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied as Markdown').waitFor();
  assert.match(await copied(), /^\*\*deployment\/podinfo.*\*\*\n- since 2026-/);
});

test('two stories stand beside each other to one scale', async () => {
  const { page } = await openPage(shared.url, '/?view=stories');
  await page.locator('.story-item').nth(0).click();
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByText('Choose the story to compare with').waitFor();
  await page.locator('.story-item').nth(3).click();
  await page.waitForFunction(() => document.querySelectorAll('.compare .tree').length === 2);
  assert.equal(new URL(page.url()).searchParams.getAll('compare').length, 2);
});
