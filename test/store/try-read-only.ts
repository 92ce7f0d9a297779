import { HarkError } from '../../src/lib/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';

// Reads the store named on the command line, then tries to write to it.
const [file = ''] = process.argv.slice(2);
const store = openSqliteStore({ file, mode: 'read' });
let count = 0;
for await (const page of store.readEvents({})) count += page.length;
process.stdout.write(`${count} Events\n`);
try {
  openSqliteStore({ file, mode: 'write' });
} catch (error) {
  process.stdout.write(`${error instanceof HarkError ? error.code : String(error)}\n`);
}
