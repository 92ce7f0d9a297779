import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** The PATH as a user has it: without what npm put before it to run this test. */
export const MACHINE_PATH = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules') && !folder.includes('node-gyp-bin'))
  .join(delimiter);

/** The machine's own Node (there is one: npm runs on it) and its major version. */
export function findMachineNode(): { readonly path: string; readonly major: number } {
  const path = findProgram('node');
  if (path === undefined) throw new Error(`there is no node in ${MACHINE_PATH}`);
  const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return { path, major: Number.parseInt(version, 10) };
}

export function findProgram(name: string): string | undefined {
  const places = MACHINE_PATH.split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => existsSync(place));
}
