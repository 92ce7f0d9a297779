import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from './open-sqlite-store.ts';

test('writeMarks keeps what each keeper marked, over a restart, until it is replaced or removed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-marks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'events.db');
  const writer = openSqliteStore({ file, mode: 'write' });
  await writer.writeMarks('traces', [
    ['a', 'one'],
    ['b', 'two'],
  ]);
  await writer.writeMarks('logs', [['a', 'three']]);
  await writer.writeMarks('traces', [
    ['a', undefined],
    ['b', 'four'],
    ['c', ''],
  ]);
  await writer.close();
  const reader = openSqliteStore({ file, mode: 'read' });
  t.after(() => reader.close());
  assert.deepEqual(Object.fromEntries(await reader.readMarks('traces')), { b: 'four', c: '' });
  assert.deepEqual(Object.fromEntries(await reader.readMarks('logs')), { a: 'three' });
  assert.deepEqual(await reader.readMarks('metrics'), new Map());
  await assert.rejects(reader.writeMarks('logs', [['a', 'five']]), /read only/);
});
