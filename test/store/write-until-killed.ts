import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { makeBatches } from './batches.ts';

// Writes batches to the store named on the command line, from the one after the second argument on, and prints the number of each when
// it is committed; removes everything after every third when the third argument is `forget`. Never ends by itself.
const [file = '', first = '0', habit = ''] = process.argv.slice(2);
const store = openSqliteStore({ file, mode: 'write', since: Date.now(), pid: process.pid });
let n = 0;
for (const batch of makeBatches()) {
  n++;
  if (n <= Number(first)) continue;
  await store.write(batch);
  process.stdout.write(`${n}\n`);
  if (n % 5 === 0) store.indexSomeTexts();
  if (n % 3 === 0 && habit === 'forget') await store.retain({ before: Number.MAX_SAFE_INTEGER });
}
