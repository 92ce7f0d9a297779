import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium that is installed here, or the one that CHROMIUM_PATH names; undefined when there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH: named } = process.env;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return PLACES.find((path) => existsSync(path));
}
