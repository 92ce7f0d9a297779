import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createLogSync } from './sync-log.ts';

const DESCRIPTORS = '/proc/self/fd';
const PATIENCE_MS = 120_000;

function countOpen(path: string): number {
  return readdirSync(DESCRIPTORS).filter((name) => {
    try {
      return readlinkSync(join(DESCRIPTORS, name)) === path;
    } catch {
      return false;
    }
  }).length;
}

test('createLogSync holds the log open once, from the first burst until it is closed', {
  skip: process.platform !== 'linux' && 'descriptors are read from /proc',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const log = join(folder, 'events.db-wal');
  writeFileSync(log, 'something');
  const sync = createLogSync(join(folder, 'events.db'));
  sync.note(3_999);
  assert.equal(countOpen(log), 0);
  sync.note(1);
  assert.equal(countOpen(log), 1);
  sync.note(100_000);
  assert.equal(countOpen(log), 1);
  sync.close();
  const since = performance.now();
  while (countOpen(log) > 0) {
    assert.ok(performance.now() - since < PATIENCE_MS, 'the log stays open');
    await turn();
  }
  sync.note(100_000);
  assert.equal(countOpen(log), 0);
});

test('createLogSync says nothing of a log that is not there', () => {
  const sync = createLogSync('/nowhere/events.db');
  sync.note(100_000);
  sync.close();
});
