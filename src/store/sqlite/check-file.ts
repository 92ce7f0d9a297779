import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { HarkError } from '../../lib/errors.ts';

/** `Hark` in ASCII: what the file's header says it belongs to (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x4861726b;

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const APPLICATION_ID_AT = 68;
/** After the header, in the page that holds the schema: how many entries that has. */
const SCHEMA_ENTRIES_AT = 103;
const READ_BYTES = 105;

/** `absent` and `empty` files may become a store. */
export type FileState = 'absent' | 'empty' | 'store';

/**
 * Looks at a file before SQLite does, which would take over whatever it can read.
 *
 * Never called for a file that this process has open as a store: closing any descriptor of a file drops the process's POSIX locks on it.
 *
 * @throws HarkError `store-foreign` when it is something else, `store-unreadable` when it cannot be read
 */
export function checkFile(file: string): FileState {
  const header = readHeader(file);
  if (header === undefined) return 'absent';
  if (header.length === 0) return 'empty';
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw foreign(file, 'is no SQLite file');
  if (header.length < HEADER_BYTES) throw foreign(file, 'ends in the middle of its header');
  const owner = header.readUInt32BE(APPLICATION_ID_AT);
  if (owner === APPLICATION_ID) return 'store';
  // What is left when the disk was full at the very beginning. `requireNothing` looks again, when SQLite has read its log.
  if (owner === 0 && header.length === READ_BYTES && header.readUInt16BE(SCHEMA_ENTRIES_AT) === 0)
    return 'empty';
  throw foreign(file, 'is a database of another program');
}

/** @throws HarkError `store-foreign` when the database that is to become a store holds anything */
export function requireNothing(db: DatabaseSync, file: string): void {
  const owner = db.prepare('PRAGMA application_id').get()?.application_id;
  if (owner === APPLICATION_ID) return;
  if (owner !== 0 || db.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined)
    throw foreign(file, 'is a database of another program');
}

function readHeader(file: string): Buffer | undefined {
  try {
    if (statSync(file).isDirectory()) throw foreign(file, 'is a folder');
    const descriptor = openSync(file, 'r');
    try {
      const header = Buffer.alloc(READ_BYTES);
      return header.subarray(0, readSync(descriptor, header, 0, READ_BYTES, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof HarkError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new HarkError('store-unreadable', `Cannot read the store "${file}": ${(error as Error).message}.`, {
      hint: 'Check the path and its permissions, or name another with --store FILE.',
      cause: error,
    });
  }
}

function foreign(file: string, what: string): HarkError {
  return new HarkError(
    'store-foreign',
    `"${file}" ${what}, not a Hark store (or a damaged one); it was left as it is.`,
    { hint: 'Name another store with --store FILE, or move this file away.' },
  );
}
