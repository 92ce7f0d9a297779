import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './with-lock.mjs';

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

/**
 * Builds the web UI into `ui/dist`, where `hark serve` of a checkout looks for it, unless what is there is as new as its sources. Of several
 * processes that want it one builds, and nobody is served half of it.
 */
export async function keepUiBuilt(): Promise<void> {
  if (isBuilt()) return;
  await withLock(async () => {
    if (isBuilt()) return;
    const made = join(ROOT, 'ui', 'dist-new');
    await buildUi(made);
    rmSync(join(ROOT, 'ui', 'dist'), { recursive: true, force: true });
    renameSync(made, join(ROOT, 'ui', 'dist'));
  });
}

function isBuilt(): boolean {
  const built = join(ROOT, 'ui', 'dist', 'index.html');
  const newest = Math.max(...SOURCES.map((path) => newestIn(join(ROOT, path))));
  return existsSync(built) && statSync(built).mtimeMs > newest;
}

/** When the youngest file in it was written, in milliseconds. */
function newestIn(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('dist'))
    .reduce((newest, name) => Math.max(newest, statSync(join(path, name)).mtimeMs), 0);
}
