import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pid } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { HarkError } from '../../lib/errors.ts';
import { APPLICATION_ID, checkFile, type FileState, requireNothing } from './check-file.ts';
import { migrate, readFormat, requireFormat } from './migrate.ts';
import { type Migration, migrations } from './migrations/migrations.ts';
import { explainFailure } from './sqlite-failure.ts';
import { takeWriterLock, type WriterLock } from './writer-lock.ts';

/** A connection to a store's file, of the newest format. */
export interface StoreDatabase {
  readonly db: DatabaseSync;
  close(): void;
}

const BUSY_TIMEOUT_MS = 5_000;
/** Commits are safe from a crash of the process, not of the machine, which may take the last ones; 64 MiB of cache; a log cut back to 32 MiB. */
const WRITER_SETTINGS = `
  PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
  PRAGMA journal_size_limit = 33554432`;

/** The stores this process has open, by real path, with how often: see `checkFile`. */
const openFiles = new Map<string, number>();

/**
 * Opens a store to write; makes it, and its folder, when there is none. One process writes at a time.
 *
 * @param since the wall clock in milliseconds, told to whoever is refused
 * @throws HarkError `store-in-use` naming the process that writes; `store-newer`, `store-foreign`, `store-corrupt`, `store-read-only`…
 */
export function openForWriting(
  file: string,
  since: number,
  steps: readonly Migration[] = migrations,
): StoreDatabase {
  return explained(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const state = checkUnlessOpen(file);
    requireWritable(file);
    const lock = takeWriterLock(realPath(file));
    if (lock === undefined) throw inUse(file);
    try {
      return register(file, openWriter(file, state, since, steps), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

function openWriter(file: string, state: FileState, since: number, steps: readonly Migration[]) {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    if (state !== 'store' && readFormat(db) === 0) {
      requireNothing(db, file);
      db.exec(
        `PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${APPLICATION_ID}`,
      );
    }
    if (readFormat(db) <= steps.length) db.exec('PRAGMA journal_mode = WAL');
    db.exec(WRITER_SETTINGS);
    migrate(db, file, steps);
    db.exec('BEGIN IMMEDIATE; DELETE FROM writer');
    db.prepare('INSERT INTO writer VALUES (?, ?, ?)').run(pid, hostname(), since);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a store to read; sees what a writer commits meanwhile.
 *
 * A store in a folder that may not be written to, where SQLite cannot share memory with a writer, is read as it stands: such a writer could
 * not be heard of there either.
 *
 * @throws HarkError `store-missing` when there is none; `store-newer`, `store-older`, `store-foreign`, `store-corrupt`…
 */
export function openForReading(file: string, steps: readonly Migration[] = migrations): StoreDatabase {
  return explained(file, () => {
    const state = checkUnlessOpen(file);
    if (state !== 'store') throw missing(file);
    const path = existsSync(`${file}-wal`) || isWritable(dirname(file)) ? file : immutable(file);
    const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      requireFormat(db, file, steps.length);
      db.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA query_only = 1');
      return register(file, db);
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** The file itself, through symbolic links: one lock for all its names. */
function realPath(file: string): string {
  return existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), basename(file));
}

function immutable(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return url;
}

function register(file: string, db: DatabaseSync, lock?: WriterLock): StoreDatabase {
  const path = realpathSync(file);
  openFiles.set(path, (openFiles.get(path) ?? 0) + 1);
  return {
    db,
    close() {
      if (!db.isOpen) return;
      if (lock !== undefined) leaveName(db);
      db.close();
      lock?.release();
      const left = (openFiles.get(path) ?? 1) - 1;
      if (left > 0) openFiles.set(path, left);
      else openFiles.delete(path);
    },
  };
}

function leaveName(db: DatabaseSync): void {
  try {
    db.exec('DELETE FROM writer');
  } catch {
    // On a full or damaged disk the name stays; the lock is what counts.
  }
}

function checkUnlessOpen(file: string): FileState {
  return existsSync(file) && openFiles.has(realpathSync(file)) ? 'store' : checkFile(file);
}

function requireWritable(file: string): void {
  const path = existsSync(file) ? file : dirname(file);
  if (isWritable(path) && isWritable(dirname(file))) return;
  throw new HarkError('store-read-only', `Cannot write to the store "${file}": it is read-only.`, {
    hint: 'Make the file and its folder writable, or name another with --store FILE.',
  });
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function inUse(file: string): HarkError {
  const other = readOtherWriter(file);
  const since = other?.since ? `, since ${new Date(other.since).toISOString().slice(0, 19)}Z` : '';
  const who =
    other === undefined ? 'Another Hark' : `Another Hark (pid ${other.pid} on ${other.host}${since})`;
  const end = other === undefined ? 'End it' : `End it (kill ${other.pid})`;
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

function missing(file: string): HarkError {
  return new HarkError('store-missing', `There is no store at "${file}".`, {
    hint: `Start one with: hark listen --store ${file}`,
  });
}

/** Failures of SQLite and of the file system in words. */
function explained<T>(file: string, work: () => T): T {
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
