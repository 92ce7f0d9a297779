import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../../test/cli/start-hark.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { openInput } from './file-source.ts';
import { readToldObjects } from './read-told-objects.ts';

const DEMO = fileURLToPath(new URL('../../demo/cluster.jsonl.gz', import.meta.url));

test('readToldObjects hands out objects and changes of the demo when their time has come, each once', async () => {
  const folder = makeFolder();
  const { signal } = new AbortController();
  const context = { stdin: process.stdin, cwd: folder };
  const told = await readToldObjects(openInput(DEMO, context), DEMO, join(folder, 'whole.db'), signal);
  const middle = parseTime('2026-11-23T16:26:00Z') ?? 0;
  const [first, later, none] = [middle, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY].map((at) =>
    told.takeUntil(at),
  );
  assert.ok(first && later && none);
  for (const { objects, changes } of [first, later]) assert.ok(objects.length > 3 && changes.length > 3);
  assert.ok(first.changes.every(({ at }) => at <= middle) && later.changes.every(({ at }) => at > middle));
  assert.ok(first.objects.every(({ createdAt = 0, seenAt }) => createdAt <= middle && seenAt <= middle));
  const uids = [...first.objects, ...later.objects].map(({ uid }) => uid);
  assert.equal(new Set(uids).size, uids.length);
  assert.ok(first.objects.every(({ deletedAt }) => deletedAt === undefined));
  assert.deepEqual(none, { objects: [], changes: [] });
});
