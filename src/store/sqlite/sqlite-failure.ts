import { HarkError } from '../../lib/errors.ts';

/** What node:sqlite throws. */
interface SqliteError extends Error {
  readonly code: string;
  /** SQLite's extended result code; the primary one is its low byte. */
  readonly errcode: number;
  readonly errstr: string;
}

const ERROR = 1;
const READONLY = 8;
const IOERR = 10;
/** No room for the memory that readers and the writer share, which is a file. */
const IOERR_SHMSIZE = 10 | (19 << 8);
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const BUSY = 5;
const LOCKED = 6;
const NOTADB = 26;
const PERM = 3;
const AUTH = 23;

/** The statements are ours: what is not there has been damaged. */
const DAMAGED_SCHEMA = /^no such |malformed|unrecognized token|syntax error/;

export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && ((error.errcode & 255) === BUSY || (error.errcode & 255) === LOCKED);
}

/** Runs `work` on a store's file; a failure of SQLite that its user can do something about becomes a `HarkError` that says what. */
export function withFailuresExplained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explainFailure(file, error);
  }
}

/** The `HarkError` for what SQLite said of the file; anything else as it is. */
export function explainFailure(file: string, error: unknown): unknown {
  if (error instanceof RangeError && error.message.startsWith('packed row')) return corrupt(file, error);
  if (!isSqliteError(error)) return error;
  switch (error.errcode & 255) {
    case CORRUPT:
    case NOTADB:
      return corrupt(file, error);
    case FULL:
      return full(file, error);
    case READONLY:
    case PERM:
    case AUTH:
      return new HarkError('store-read-only', `Cannot write to the store "${file}": it is read-only.`, {
        hint: `Make the file and its folder writable, or name another with --store FILE.`,
        cause: error,
      });
    case CANTOPEN:
      return new HarkError('store-unreadable', `Cannot open the store "${file}": ${error.errstr}.`, {
        hint: `Check that the file and its folder may be read and written, or name another with --store FILE.`,
        cause: error,
      });
    case IOERR:
      if (error.errcode === IOERR_SHMSIZE) return full(file, error);
      return new HarkError('store-io', `The disk failed under the store "${file}": ${error.message}.`, {
        hint: 'Check the disk and the room on it (df, dmesg), then start again: what was stored is kept.',
        cause: error,
      });
    case BUSY:
    case LOCKED:
      return new HarkError('store-busy', `The store "${file}" is locked by another program.`, {
        hint: 'End what has it open (sqlite3, a backup), then try again.',
        cause: error,
      });
    case ERROR:
      return DAMAGED_SCHEMA.test(error.message) ? corrupt(file, error) : error;
    default:
      return error;
  }
}

function corrupt(file: string, cause: unknown): HarkError {
  return new HarkError(
    'store-corrupt',
    `The store "${file}" is damaged: ${cause instanceof Error ? cause.message : String(cause)}.`,
    {
      hint: `Move it away (mv ${file} ${file}.damaged): Hark starts a new one. What can be read of it, up to the damage: hark export --store ${file}.damaged`,
      cause,
    },
  );
}

function full(file: string, cause: unknown): HarkError {
  return new HarkError(
    'store-full',
    `No room to write to the store "${file}": the disk is full (or its quota used up).`,
    {
      hint: 'Free some room, or keep less with --retention or --max-size; what was stored is kept, and writing goes on when there is room.',
      cause,
    },
  );
}
