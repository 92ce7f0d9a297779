import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/events/event.ts';
import { HarkError } from '../../src/lib/errors.ts';
import { expectRecords } from '../../src/store/conformance.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import type { RecordBatch } from '../../src/store/store.ts';
import { CLUSTER, makeBatches } from './batches.ts';

// Fills the small disk named on the command line with a store, and makes room again.
const [folder = ''] = process.argv.slice(2);
const ballast = join(folder, 'ballast');
const SIZE = 2_500 * 1024;

// A store begun where there is no room for its first pages is begun anew when there is.
for (const left of [0, 8_192, 16_384, 81_920]) {
  const file = join(folder, `small-${left}.db`);
  writeFileSync(ballast, Buffer.alloc(SIZE - left - 8_192));
  assert.throws(() => openSqliteStore({ file, mode: 'write' }), { code: 'store-full' });
  rmSync(ballast);
  const begun = openSqliteStore({ file, mode: 'write' });
  await begun.close();
  for (const suffix of ['', '.writer']) rmSync(file + suffix);
}
process.stdout.write('begun\n');

writeFileSync(ballast, Buffer.alloc(1_400_000));
const store = openSqliteStore({ file: join(folder, 'events.db'), mode: 'write' });
const batches = makeBatches();
const written: RecordBatch[] = [];

async function readAll(): Promise<RecordedEvent[]> {
  const records: RecordedEvent[] = [];
  for await (const page of store.readEvents({})) records.push(...page);
  return records;
}
function truth(): RecordedEvent[] {
  return expectRecords(
    written.flatMap(({ sightings }) => sightings),
    CLUSTER,
  );
}

let refused = batches.next().value ?? assert.fail();
for (;;) {
  try {
    await store.write(refused);
  } catch (error) {
    assert.ok(error instanceof HarkError, String(error));
    assert.equal(error.code, 'store-full');
    assert.match(error.message, /No room to write/);
    break;
  }
  written.push(refused);
  refused = batches.next().value ?? assert.fail();
}
process.stdout.write(`full after ${written.length} batches\n`);
assert.deepEqual(await readAll(), truth());
process.stdout.write('kept\n');

rmSync(ballast);
for (let n = 0; n < 5; n++) {
  await store.write(refused);
  written.push(refused);
  refused = batches.next().value ?? assert.fail();
}
assert.deepEqual(await readAll(), truth());
await store.close();
process.stdout.write('went on\n');
