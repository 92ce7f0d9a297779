import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { homeOf, makeFolder, runHark } from './start-hark.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');

describe('hark import', () => {
  test('ends with the command that reads what was imported, and that reads it', async () => {
    const env = homeOf(makeFolder());
    const { code, stderr } = await runHark(['import', DEMO, '--cluster', "last night's"], { env });
    assert.equal(code, 0);
    assert.equal(stderr, "To read it: hark events -A --context 'last night'\\''s'\n");
    const read = await runHark(['events', '-A', '--context', "last night's", '--limit', '1'], { env });
    assert.equal(read.code, 0);
    assert.match(read.stdout, /podinfo-5c5dff7b9b-2dcz9/);
  });

  test('names the store in that command when one was named', async () => {
    const file = join(makeFolder(), 'record.db');
    const { stderr } = await runHark(['import', DEMO, '--store', file]);
    assert.equal(stderr, `To read it: hark events -A --context unknown --store ${file}\n`);
  });

  test('tells what was taken in before a file that is not there, of which it tells once', async () => {
    const { code, stdout, stderr } = await runHark(['import', DEMO, '/no/such/file']);
    assert.equal(code, 2);
    assert.match(
      stdout,
      /cluster\.jsonl\.gz: added 109 Events, 93 repeats, 31 objects, 167 changes; 0 unreadable$/m,
    );
    assert.match(
      stderr,
      /^hark: cannot read "\/no\/such\/file": there is no such file or directory\n {2}Check the path; "-" reads standard input\.$/m,
    );
  });
});
