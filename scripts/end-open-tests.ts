// Loaded into each test file: one that has ended its tests but keeps something open (a server, a timer, a child) fails, instead of going on for ever.
import { after } from 'node:test';

const GRACE_MS = 10_000;

after(() => {
  const timer = setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
    process.stderr.write(`The tests have ended, but the file stays open by: ${open.join(', ')}\n`);
    process.exit(1);
  }, GRACE_MS);
  timer.unref();
});
