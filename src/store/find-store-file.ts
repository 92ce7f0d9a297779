import { isAbsolute, join, resolve } from 'node:path';
import { HarkError } from '../lib/errors.ts';

/**
 * Where the store is: the file named by `--store`, else `hark/events.db` in the user's data directory (XDG base directories: `$XDG_DATA_HOME`, which
 * counts only when absolute, else `~/.local/share`; on Windows `%LOCALAPPDATA%`). It need not exist.
 *
 * @throws HarkError `usage` when there is no home directory and none was named
 */
export function findStoreFile(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  if (given !== undefined) return resolve(cwd, given);
  const home = env.HOME || env.USERPROFILE;
  const named = [env.XDG_DATA_HOME, env.LOCALAPPDATA].find((path) => path !== undefined && isAbsolute(path));
  const data = named ?? (home === undefined ? undefined : join(home, '.local', 'share'));
  if (data !== undefined) return resolve(cwd, data, 'hark', 'events.db');
  throw new HarkError('usage', 'there is no home directory to keep the store in', {
    hint: 'Name a file: --store FILE',
  });
}
