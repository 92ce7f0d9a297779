import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The `hark` to measure: the built one, as users get it, else the sources. */
export function findHark(): { readonly args: readonly string[]; readonly what: string } {
  const built = fileURLToPath(new URL('../dist/hark.js', import.meta.url));
  if (existsSync(built)) return { args: [built], what: 'dist/hark.js' };
  return { args: [fileURLToPath(new URL('../src/bin/hark.ts', import.meta.url))], what: 'src/bin/hark.ts' };
}
