// `npm run screenshots`: the pictures of docs/images, taken of the demo.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { keepUiBuilt } from './build-ui.ts';
import { findChromium } from './find-chromium.ts';

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly dark?: true;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const SHOTS: readonly Shot[] = [
  { name: 'timeline', path: '/', width: 1440, height: 810 },
  {
    name: 'finding',
    path: '/',
    width: 1440,
    height: 810,
    act: async (page) => {
      await page.locator('.finding button').last().click();
      await page.getByText('First error').waitFor();
    },
  },
  {
    name: 'story-dark',
    path: '/?namespace=shop',
    width: 1440,
    height: 810,
    dark: true,
    act: async (page) => {
      await page.locator('.finding button').first().click();
      await page.getByRole('button', { name: 'The whole story' }).click();
      await page.locator('.tree-step').first().waitFor();
    },
  },
  { name: 'phone', path: '/', width: 390, height: 780 },
];

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, 'docs', 'images');

const executablePath = findChromium();
if (executablePath === undefined) {
  process.stderr.write(
    'npm run screenshots needs Chromium: apt-get install chromium, or name one in CHROMIUM_PATH\n',
  );
  process.exitCode = 2;
} else await takeAll(executablePath);

async function takeAll(executablePath: string): Promise<void> {
  await keepUiBuilt();
  mkdirSync(FOLDER, { recursive: true });
  const demo = ['serve', '--from', 'demo/cluster.jsonl.gz', '--listen', '127.0.0.1:0'];
  const server = spawn(process.execPath, ['src/bin/hark.ts', ...demo], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const url = await readAddress(server.stderr);
    for (const shot of SHOTS) await take(browser, url, shot);
  } finally {
    await browser.close();
    server.kill();
    await once(server, 'exit');
  }
}

/** Where the server says that it is. */
async function readAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [url] = /https?:\/\/\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('hark serve ended before it said where it is');
}

async function take(
  browser: Browser,
  url: string,
  { name, path, width, height, dark, act }: Shot,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.locator('.row').first().waitFor();
  await page.locator('.finding').first().waitFor();
  await act?.(page);
  await page.waitForLoadState('load');
  const picture = await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  process.stdout.write(`docs/images/${name}.png, ${Math.round(picture.length / 1024)} KiB\n`);
  await context.close();
}
