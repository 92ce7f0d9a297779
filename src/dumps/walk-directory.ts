import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface WalkedFile {
  /** Relative to the directory walked, with `/`. */
  readonly path: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/**
 * Every file below a directory, by name, symbolic links followed, none of the directories twice.
 *
 * @param onFailure called with what could not be looked into and why
 */
export async function* walkDirectory(
  directory: string,
  onFailure: (path: string, error: unknown) => void,
): AsyncGenerator<WalkedFile> {
  const seen = new Set<string>();

  async function* walk(path: string): AsyncGenerator<WalkedFile> {
    const full = join(directory, path);
    try {
      const real = await realpath(full);
      if (seen.has(real)) return;
      seen.add(real);
      const names = (await readdir(full)).sort();
      for (const name of names) yield* visit(path === '' ? name : `${path}/${name}`);
    } catch (error) {
      if (!isFileError(error)) throw error;
      onFailure(path, error);
    }
  }

  async function* visit(path: string): AsyncGenerator<WalkedFile> {
    const full = join(directory, path);
    try {
      const found = await stat(full);
      if (found.isDirectory()) yield* walk(path);
      else if (found.isFile()) yield { path, open: () => readFileBytes(full) };
    } catch (error) {
      if (!isFileError(error)) throw error;
      onFailure(path, error);
    }
  }

  yield* walk('');
}

export function readFileBytes(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 256 * 1024 });
}

/** Whether the file system failed (`ENOENT`, `EACCES`…), and not Hark. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
