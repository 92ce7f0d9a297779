import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { APPLICATION_ID, checkFile, type FileState, requireNothing } from './check-file.ts';
import { migrate, readFormat, requireFormat } from './migrate.ts';
import { type Migration, migrations } from './migrations/migrations.ts';
import { explained, inUse, missing, readOnly } from './refusals.ts';
import { takeWriterLock, type WriterLock } from './writer-lock.ts';

/** A connection to a store's file, of the newest format. */
export interface StoreDatabase {
  readonly db: DatabaseSync;
  /** Its real path. */
  readonly file: string;
  close(): void;
}

/** By what a person finds the process that writes: its number, and the wall clock in milliseconds when it began; 0 when that is not told. */
export interface WriterSign {
  readonly pid?: number;
  readonly since?: number;
}

const BUSY_TIMEOUT_MS = 5_000;
/** Commits are safe from a crash of the process, not of the machine, which may take the last ones; 64 MiB of cache; a log of 32 MiB, of 8 KiB pages. */
const WRITER_SETTINGS = `
  PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
  PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432`;

/** The stores this process has open, by real path, with how often: see `checkFile`. */
const openFiles = new Map<string, number>();

/**
 * Opens a store to write; makes it, and its folder, when there is none. One process writes at a time.
 *
 * @param writer told to whoever is refused
 * @throws HarkError `store-in-use` naming the process that writes; `store-newer`, `store-foreign`, `store-corrupt`, `store-read-only`…
 */
export function openForWriting(
  file: string,
  writer: WriterSign,
  steps: readonly Migration[] = migrations,
): StoreDatabase {
  return explained(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const state = checkUnlessOpen(file);
    if (!canBeWritten(file)) throw readOnly(file);
    const lock = takeWriterLock(realPath(file));
    if (lock === undefined) throw inUse(file);
    try {
      return register(file, openWriter(file, state, writer, steps), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

function openWriter(file: string, state: FileState, writer: WriterSign, steps: readonly Migration[]) {
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
    db.prepare('INSERT INTO writer VALUES (?, ?, ?)').run(writer.pid ?? 0, hostname(), writer.since ?? 0);
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
    file: path,
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

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function canBeWritten(file: string): boolean {
  return isWritable(dirname(file)) && (!existsSync(file) || isWritable(file));
}
