import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { review, shareOff, takePicture } from './compare-pictures.ts';
import { untilDrawn } from './look-at-page.ts';
import { openPage } from './open-browser.ts';
import { MIXED, servePages } from './serve-pages.ts';

/**
 * Coloured cells that may be elsewhere. In another font (measured: a tenth of the page's) and in another Chromium some are; without the drawing or the layout, most.
 */
const [PAGE_OFF, DRAWING_OFF] = [0.5, 0.4];
const NOW = new Date('2026-11-24T12:00:00Z');
const { url } = await servePages(MIXED);

interface Look {
  readonly name: string;
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'dark';
}

const LOOKS: readonly Look[] = [
  { name: 'timeline' },
  { name: 'timeline-dark', colorScheme: 'dark' },
  { name: 'by-story', path: '/?by=story' },
  { name: 'phone', width: 360, height: 800 },
];

async function open({ path = '/', width = 1280, height = 800, colorScheme }: Look): Promise<Page> {
  const { page } = await openPage('about:blank', '', {
    viewport: { width, height },
    reducedMotion: 'reduce',
    colorScheme: colorScheme ?? 'light',
  });
  await page.clock.setFixedTime(NOW);
  await page.goto(url + path);
  await untilDrawn(page);
  await page.locator('.finding').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.loading, [aria-busy="true"]'));
  return page;
}

interface Off {
  readonly page: number;
  readonly drawing: number;
}

/** How much of the page and of its drawing is not as it was reviewed. */
async function compare(page: Page, name: string, isReviewed = false): Promise<Off> {
  const whole = await takePicture(name, page);
  const drawing = await takePicture(`${name}.drawing`, page.locator('.timeline-canvas'));
  if (isReviewed) {
    review(name, whole);
    review(`${name}.drawing`, drawing);
  }
  return {
    page: await shareOff(name, whole, page),
    drawing: await shareOff(`${name}.drawing`, drawing, page),
  };
}

for (const look of LOOKS)
  test(`the page looks as it was reviewed: ${look.name}`, async () => {
    const off = await compare(await open(look), look.name, true);
    assert.ok(isAsReviewed(off), JSON.stringify(off));
  });

function isAsReviewed(off: Off): boolean {
  return off.page <= PAGE_OFF && off.drawing <= DRAWING_OFF;
}

test('a picture is as reviewed in another font, and is not without the drawing, the layout, the colours', async () => {
  const page = await open({ name: 'timeline' });
  const set = async (selector: string, property: string, value: string) => {
    await page
      .locator(selector)
      .evaluate(
        (element, [name = '', text = '']) => (element as HTMLElement).style.setProperty(name, text),
        [property, value],
      );
    const off = await compare(page, 'timeline');
    await page
      .locator(selector)
      .evaluate((element, name) => (element as HTMLElement).style.removeProperty(name), property);
    return off;
  };
  const font = await set(':root', '--font', 'monospace');
  assert.ok(isAsReviewed(font), JSON.stringify(font));
  const empty = await set('.timeline-canvas', 'opacity', '0');
  assert.ok(empty.drawing > DRAWING_OFF, JSON.stringify(empty));
  const broken = await set('.app', 'display', 'block');
  assert.ok(broken.page > PAGE_OFF, JSON.stringify(broken));
  const other = await set('.app', 'filter', 'hue-rotate(180deg)');
  assert.equal(isAsReviewed(other), false, JSON.stringify(other));
});
