import type { DatabaseSync } from 'node:sqlite';
import { firstFormat } from './0001-first-format.ts';
import { objectsFormat } from './0002-objects.ts';
import { marksFormat } from './0003-marks.ts';
import { lastStatesFormat } from './0004-last-states.ts';

/** One step to the next format: SQL, or a function for what SQL cannot say. Runs in a transaction. */
export type Migration = string | ((db: DatabaseSync) => void);

/** Migration n (counted from 1) makes format n out of format n - 1; format 0 is an empty file. Released ones never change. */
export const migrations: readonly Migration[] = [firstFormat, objectsFormat, marksFormat, lastStatesFormat];
