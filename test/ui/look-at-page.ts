import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Where it says which time is looked at. */
export const RANGE = '.toolbar .range';

/** What the time scale says: it moves with every zoom and pan. */
export function readRange(page: Page): Promise<string> {
  return page.locator(RANGE).innerText();
}

/** Waits until the time looked at is another than in that URL, and has come to rest. */
export async function untilMoved(page: Page, from: string): Promise<void> {
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
export async function middleOf(
  page: Page,
  selector: string,
): Promise<{ x: number; y: number; width: number }> {
  const box = await page.locator(selector).boundingBox();
  assert.ok(box !== null, selector);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}

/** How many pixels of the drawing have the colour that a variable of the style sheet names. */
export function countPixels(page: Page, variable: string): Promise<number> {
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

/** Waits until the timeline has rows. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.waitForSelector(
    '.timeline[data-rows]:not([data-rows="0"]):not([data-rows=""]) .timeline-canvas',
  );
  await page.waitForSelector('.row');
}
