import { closeSync, fdatasync, openSync } from 'node:fs';

/** Has SQLite's log written to the disk ahead of the checkpoint that needs it there. */
export interface LogSync {
  /** So many sightings more were committed. */
  note(sightings: number): void;
  close(): void;
}

/** Some megabytes of log. */
const SIGHTINGS_BETWEEN = 4_000;

/**
 * A checkpoint waits until the disk has all of the log, 32 MiB of it in a burst: unless that was asked for before, by a thread that nobody waits for. This
 * is for speed alone; where it fails, the checkpoint does it.
 *
 * @param file the store's
 */
export function createLogSync(file: string): LogSync {
  let log: number | undefined;
  let isUnderWay = false;
  let noted = 0;
  let isClosed = false;

  function start(): void {
    try {
      log ??= openSync(`${file}-wal`, 'r+');
    } catch {
      return;
    }
    noted = 0;
    isUnderWay = true;
    fdatasync(log, () => {
      isUnderWay = false;
      if (isClosed) end();
    });
  }
  function end(): void {
    if (log !== undefined) closeSync(log);
    log = undefined;
  }

  return {
    note(sightings) {
      noted += sightings;
      if (!isClosed && !isUnderWay && noted >= SIGHTINGS_BETWEEN) start();
    },
    close() {
      isClosed = true;
      if (!isUnderWay) end();
    },
  };
}
