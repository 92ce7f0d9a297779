import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from './open-browser.ts';
import { MIXED, servePages } from './serve-pages.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that WCAG 2.2 AA forbids, a line each. */
async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    interface Violation {
      id: string;
      nodes: { target: string[]; failureSummary: string }[];
    }
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

/** The system of whoever looks turns dark, or light again. */
async function changeTo(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  const before = await readGround(page);
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((was) => getComputedStyle(document.body).backgroundColor !== was, before);
}

function readGround(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** One server for all who only look. */
const { url } = await servePages(MIXED);

const VIEWS: readonly (readonly [name: string, path: string, open: string])[] = [
  ['the timeline', '/', '.row'],
  ['the timeline by story', '/?by=story', '.row'],
  ['the stories', '/?view=stories', '.story-item'],
  ['the Events', '/?view=events', '.event-row'],
  ['nothing that matches', '/?text=nosuchword', '.state'],
];

for (const [name, path, open] of VIEWS)
  test(`axe finds nothing to complain of in ${name}, light or dark`, async () => {
    const { page } = await openPage(url, path, { colorScheme: 'light' });
    await page.locator(open).first().waitFor();
    await page.locator('.finding').first().waitFor();
    assert.deepEqual(await findViolations(page), []);
    await changeTo(page, 'dark');
    assert.deepEqual(await findViolations(page), []);
  });

test('axe finds nothing to complain of in what tells more: a finding, a story, a step', async () => {
  const { page } = await openPage(url);
  await page.locator('.finding button').first().click();
  await page.getByText('First error').waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.getByRole('button', { name: 'The whole story' }).click();
  await page.locator('.tree-step').last().waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.locator('.tree-step').last().click();
  await page.locator('.occurrences').waitFor();
  assert.deepEqual(await findViolations(page), []);
});

test('the page is dark when the system is, and stays as it was chosen', async () => {
  const { page } = await openPage(url, '/', { colorScheme: 'dark' });
  await page.locator('.row').first().waitFor();
  const dark = await readGround(page);
  await page.getByRole('button', { name: 'Change to light' }).first().click();
  await page.getByRole('button', { name: 'Change to dark' }).first().waitFor();
  const light = await readGround(page);
  assert.notEqual(light, dark);
  await page.reload();
  await page.locator('.row').first().waitFor();
  assert.equal(await readGround(page), light);
});

for (const width of [360, 768, 3840])
  test(`nothing is wider than the screen when that is ${width} pixels wide`, async () => {
    const { page } = await openPage(url, '/', { viewport: { width, height: 800 } });
    await page.locator('.row').first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    assert.deepEqual(await findViolations(page), []);
  });

test('the page asks for the token that the server wants, and shows the record once it has it', async () => {
  const token = 'a-token-of-the-tests';
  const server = await servePages(MIXED, { token });
  const { page } = await openPage(server.url);
  await page.getByLabel('Token').fill('another one');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('That token is not known here').waitFor();
  assert.deepEqual(await findViolations(page), []);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('.row').first().waitFor();
});
