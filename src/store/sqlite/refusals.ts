import { DatabaseSync } from 'node:sqlite';
import { HarkError } from '../../lib/errors.ts';
import { explainFailure } from './sqlite-failure.ts';

const BUSY_TIMEOUT_MS = 1_000;

/** A second writer is refused, by the name of the first. */
export function inUse(file: string): HarkError {
  const other = readOtherWriter(file);
  const since = other?.since ? `, since ${new Date(other.since).toISOString().slice(0, 19)}Z` : '';
  const pid = other?.pid ? `pid ${other.pid} on ` : '';
  const who = other === undefined ? 'Another Hark' : `Another Hark (${pid}${other.host}${since})`;
  const end = pid === '' ? 'End it' : `End it (kill ${other?.pid})`;
  return new HarkError('store-in-use', `${who} writes to the store "${file}"; only one can.`, {
    hint: `${end}, or name another store with --store FILE. Reading needs neither: hark events --store ${file}`,
  });
}

function readOtherWriter(file: string) {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      const row = db.prepare('SELECT pid, host, since FROM writer').get();
      if (row === undefined) return undefined;
      return { pid: Number(row.pid), host: String(row.host), since: Number(row.since) };
    } finally {
      db.close();
    }
  } catch {
    return undefined;
  }
}

export function missing(file: string): HarkError {
  return new HarkError('store-missing', `There is no store at "${file}".`, {
    hint: `Start one with: hark listen --store ${file}`,
  });
}

/** A store that may only be read is not written. */
export function readOnly(file: string): HarkError {
  return new HarkError('store-read-only', `Cannot write to the store "${file}": it is read-only.`, {
    hint: 'Make the file and its folder writable, or name another with --store FILE.',
  });
}

/** Failures of SQLite and of the file system in words. */
export function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explainFileFailure(file, explainFailure(file, error));
  }
}

function explainFileFailure(file: string, error: unknown): unknown {
  const code =
    error instanceof Error && 'syscall' in error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) return error;
  const readOnly = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new HarkError(
    readOnly ? 'store-read-only' : code === 'ENOSPC' ? 'store-full' : 'store-unreadable',
    `Cannot open the store "${file}": ${(error as Error).message}.`,
    {
      hint: 'Check the path, its permissions and the room on the disk, or name another with --store FILE.',
      cause: error,
    },
  );
}
