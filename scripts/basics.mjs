import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's top folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** A failure of the set-up that is told in one sentence. */
export class SetUpError extends Error {}

export function tell(text) {
  process.stderr.write(`${text}\n`);
}
