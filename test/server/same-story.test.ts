import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClock } from '../../src/lib/clock.ts';
import { parseTime } from '../../src/lib/rfc3339.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { runHere } from '../cli/run-here.ts';
import { makeFolder } from '../cli/start-hark.ts';
import { listScenarios } from '../read-recording.ts';
import { serveStore } from './start-server.ts';

/** For both the same: what is silent for long is over. */
const NOW = '2026-11-24T12:00:00Z';

interface Story {
  readonly id: string;
  readonly steps: readonly object[];
}

const RECORDINGS = join(import.meta.dirname, '../recordings');

/** The demo and every recorded cluster: Events, and the objects where they were recorded. */
const FILES = [
  join(import.meta.dirname, '../../demo/cluster.jsonl.gz'),
  ...listScenarios().flatMap((scenario) =>
    ['events-core-v1.jsonl.gz', 'objects.jsonl.gz']
      .map((name) => join(RECORDINGS, scenario, name))
      .filter((file) => existsSync(file)),
  ),
];

test('a story is the same over HTTP as on the command line, in every field, of every recorded cluster', async () => {
  const store = join(makeFolder(), 'events.db');
  for (const file of FILES) {
    const cluster = file.startsWith(RECORDINGS)
      ? file.slice(RECORDINGS.length).replaceAll(/\/[^/]*$/g, '')
      : '/demo';
    const { code, stderr } = await runHere(['import', file, '--cluster', cluster.slice(1), '--store', store]);
    assert.equal(code, 0, `${file}: ${stderr}`);
  }
  const { stdout, stderr } = await runHere([
    'story',
    '--now',
    NOW,
    '-A',
    '-o',
    'json',
    '--limit',
    '1000',
    '--store',
    store,
  ]);
  const printed = (JSON.parse(stdout) as { items: Story[] }).items;
  assert.ok(printed.length > 100, `${printed.length} stories; ${stderr}`);
  const server = await serveStore(openSqliteStore({ file: store, mode: 'write' }), store, {
    standsStill: false,
    clock: createClock(() => parseTime(NOW) ?? 0),
  });
  const served = await server.json<{ items: Story[]; next: null }>('/v1/stories?limit=1000');
  assert.equal(served.next, null);
  const byId = new Map(served.items.map((story) => [story.id, story]));
  for (const story of printed) assert.deepEqual(byId.get(story.id), story);
  assert.equal(served.items.length, printed.length);
  const longest = printed.toSorted((a, b) => b.steps.length - a.steps.length)[0];
  assert.deepEqual(await server.json(`/v1/stories/${encodeURIComponent(longest?.id ?? '')}`), longest);
});
