import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const GOLDEN = fileURLToPath(new URL('golden/', import.meta.url));

/**
 * Compares with what was reviewed by eye. To review a change: `UPDATE_GOLDEN=1 npm test -- test/NAME.test.ts`, then `git diff`.
 *
 * @param name below `test/golden`; kept zipped when it ends with `.gz`
 */
export function assertGolden(name: string, actual: string): void {
  const path = `${GOLDEN}${name}`;
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    const known = existsSync(path) ? readGolden(path) : undefined;
    if (known !== actual) writeFileSync(path, path.endsWith('.gz') ? gzipSync(actual, { level: 9 }) : actual);
  }
  assert.equal(actual, readGolden(path), `${name} is not as it was reviewed`);
}

function readGolden(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
