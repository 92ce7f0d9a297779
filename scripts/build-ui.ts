import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** What the pages are made of. */
const SOURCES = ['ui', 'src/lib', 'src/events', 'src/objects', 'src/stories', 'package-lock.json'];

/** Builds the web UI, in seconds. @param folder where to; what was there is removed */
export async function buildUi(folder: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: join(ROOT, 'ui', 'vite.config.ts'),
    build: { outDir: folder, emptyOutDir: true },
  });
}

/** Builds the web UI into `ui/dist`, where `hark serve` of a checkout looks for it, unless what is there is as new as its sources. */
export async function keepUiBuilt(): Promise<void> {
  const built = join(ROOT, 'ui', 'dist', 'index.html');
  const newest = Math.max(...SOURCES.map((path) => newestIn(join(ROOT, path))));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  await buildUi(join(ROOT, 'ui', 'dist'));
}

/** When the youngest file in it was written, in milliseconds. */
function newestIn(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('dist'))
    .reduce((newest, name) => Math.max(newest, statSync(join(path, name)).mtimeMs), 0);
}
