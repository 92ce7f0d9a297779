import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-failure.ts';

/** Held by the one process that writes a store. */
export interface WriterLock {
  release(): void;
}

/**
 * Takes the lock of a store's writer: SQLite's own lock on an empty file beside the store (`FILE.writer`), which the operating system drops
 * when the process ends, however it ends. The file stays: removing it would let two writers lock two files of the same name.
 *
 * @returns undefined when another process (or another store of this one) holds it
 */
export function takeWriterLock(file: string): WriterLock | undefined {
  const db = new DatabaseSync(`${file}.writer`, { timeout: 300 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    release() {
      if (db.isOpen) db.close();
    },
  };
}
