import { chromium, type Page } from 'playwright-core';

export interface PagesMeasured {
  /** Milliseconds from the address to the first rows drawn, the median of five new visitors. */
  readonly first: number;
  /** The same of a page without anything. */
  readonly blank: number;
  /** Milliseconds between frames while the view moves. */
  readonly frames: readonly number[];
  readonly blankFrames: readonly number[];
  /** Milliseconds per frame in which the page's own script, style and layout ran. */
  readonly ours: number;
}

const STEPS = 120;

/** Opens the pages as new visitors do, then zooms and pans. */
export async function measurePages(url: string, executablePath: string): Promise<PagesMeasured> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const visit = async (path: string, ready: string) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      const started = performance.now();
      await page.goto(url + path);
      await page.waitForSelector(ready, { state: 'attached' });
      return { page, took: performance.now() - started };
    };
    const [firsts, blanks]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 5; turn += 1) {
      const blank = await visit('/healthz', 'body');
      const timeline = await visit('/', '.timeline[data-rows]:not([data-rows="0"]):not([data-rows=""]) .row');
      blanks.push(blank.took);
      firsts.push(timeline.took);
      for (const { page } of [blank, timeline]) await page.context().close();
    }
    const still = await visit('/healthz', 'body');
    const { frames: blankFrames } = await move(still.page);
    const { page } = await visit('/', '.timeline[data-rows]:not([data-rows="0"]):not([data-rows=""]) .row');
    const { frames, ours } = await move(page);
    return { first: median(firsts), blank: median(blanks), frames, blankFrames, ours };
  } finally {
    await browser.close();
  }
}

/** What runs in the page (a text, for the bench knows no browser's types): twenty steps of zoom, twenty of pan, there and back. */
const MOVE = `(async () => {
  const area = document.querySelector('.timeline-area') ?? document.body;
  const box = area.getBoundingClientRect();
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const lengths = [];
  let last = await nextFrame();
  for (let step = 0; step < ${STEPS}; step += 1) {
    const isZoom = step % 40 < 20;
    area.dispatchEvent(new WheelEvent('wheel', {
      bubbles: true,
      cancelable: true,
      clientX: box.x + box.width / 2,
      clientY: box.y + Math.min(200, box.height / 2),
      deltaY: (step % 20 < 10 ? -1 : 1) * 60,
      ctrlKey: isZoom,
      shiftKey: !isZoom,
    }));
    const now = await nextFrame();
    lengths.push(now - last);
    last = now;
  }
  return lengths;
})()`;

/** Zooms in and out and pans, a step a frame, and measures the frames. */
async function move(page: Page): Promise<{ frames: number[]; ours: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration');
  };
  const before = await read();
  const frames = await page.evaluate<number[]>(MOVE);
  return { frames, ours: ((await read()) - before) * (1000 / STEPS) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
