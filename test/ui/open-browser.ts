import { after } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.ts';

/** A page, and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors that the page wrote or threw, and what its policy refused. */
  readonly errors: readonly string[];
  /** Addresses of other servers that it asked. */
  readonly strangers: readonly string[];
}

let browser: Promise<Browser> | undefined;

/** One Chromium for the whole file; it ends with it. */
async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('needs Chromium: apt-get install chromium, or name one in CHROMIUM_PATH');
  browser ??= chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  return await browser;
}

after(async () => (await browser)?.close());

/** Opens an address as a new visitor. @param url of a server */
export async function openPage(
  url: string,
  path = '/',
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await (await openBrowser()).newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: 'Europe/Berlin',
    ...options,
  });
  after(() => context.close());
  const page = await context.newPage();
  // A machine with much else to do takes its time.
  page.setDefaultTimeout(120_000);
  const [errors, strangers]: [string[], string[]] = [[], []];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== url)
      strangers.push(request.url());
  });
  await page.goto(`${url}${path}`);
  return { page, errors, strangers };
}
