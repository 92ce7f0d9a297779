import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FORMAT } from '../../src/store/sqlite/migrate.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { CLUSTER } from './batches.ts';
import { FORMAT_BATCHES, FORMAT_LAST_STATES, FORMAT_OBJECTS } from './format-batches.ts';

// Writes the store of the newest format for formats.test.ts: once, before that format is released.
const folder = mkdtempSync(join(tmpdir(), 'hark-format-'));
const file = join(folder, 'events.db');
const store = openSqliteStore({ file, mode: 'write' });
for (const batch of FORMAT_BATCHES) {
  await store.write(batch);
  store.indexSomeTexts();
}
const lastStates = FORMAT_LAST_STATES;
await store.write({ cluster: CLUSTER, sightings: [], ...FORMAT_OBJECTS, lastStates });
await store.close();
const formats = fileURLToPath(new URL('formats/', import.meta.url));
mkdirSync(formats, { recursive: true });
writeFileSync(join(formats, `format-${FORMAT}.db.gz`), gzipSync(readFileSync(file), { level: 9 }));
rmSync(folder, { recursive: true });
