import { enableCompileCache } from 'node:module';
import { keepYoungHeapSmall } from './keep-young-heap-small.ts';

/** Starts Hark; for the entries, which any Node must be able to read. */
export async function start(argv: readonly string[]): Promise<void> {
  keepYoungHeapSmall();
  if (import.meta.url.endsWith('.js')) keepCompiledCode();
  const { main } = await import('./main.ts');
  await main(argv);
}

/** Lets V8 keep what it compiles of the bundle, in a folder of the user's: in a shared one, strangers could leave code for us. */
function keepCompiledCode(): void {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env;
  const cache = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && `${HOME}/.cache`);
  if (cache) enableCompileCache(`${cache}/hark`);
}
