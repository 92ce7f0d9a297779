import type { DatabaseSync } from 'node:sqlite';
import { HarkError } from '../../lib/errors.ts';
import { type Migration, migrations } from './migrations/migrations.ts';

/** The format this Hark writes. */
export const FORMAT = migrations.length;

/** The format of the file; 0 for an empty one. */
export function readFormat(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/**
 * Brings a store up to the newest format, one transaction for all steps: a failure leaves the old format as it was.
 *
 * @throws HarkError `store-newer` when the file is of a newer format
 */
export function migrate(db: DatabaseSync, file: string, steps: readonly Migration[] = migrations): void {
  const format = readFormat(db);
  refuseNewer(file, format, steps.length);
  if (format === steps.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps.slice(format)) {
      if (typeof step === 'string') db.exec(step);
      else step(db);
    }
    db.exec(`PRAGMA user_version = ${steps.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** @throws HarkError `store-newer`, `store-older`: a reader changes nothing, so it cannot upgrade either */
export function requireFormat(db: DatabaseSync, file: string, known: number): void {
  const format = readFormat(db);
  refuseNewer(file, format, known);
  if (format === known) return;
  throw new HarkError(
    'store-older',
    `The store "${file}" was written by an older Hark (format ${format}, this one reads ${known}).`,
    { hint: `Upgrade it by opening it for writing once: hark listen --store ${file}` },
  );
}

function refuseNewer(file: string, format: number, known: number): void {
  if (format <= known) return;
  throw new HarkError(
    'store-newer',
    `The store "${file}" was written by a newer Hark (format ${format}, this one knows ${known}); it was left as it is.`,
    { hint: 'Upgrade Hark (npm install -g kubectl-hark), or name another store with --store FILE.' },
  );
}
