import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createListWalks } from '../../kube-api/list-walks.ts';
import { createListSnapshots, type Snapshot } from './list-snapshots.ts';

const walks = createListWalks();

function snapshot(key: string, size: number): Snapshot {
  const bodies = new Map(Array.from({ length: size }, (_, at) => [String(at), { metadata: {} }]));
  return { live: { resourceVersion: '1', records: [], bodies }, walk: walks.begin(0), key };
}

test('a snapshot is given to who began it alone', () => {
  const snapshots = createListSnapshots();
  const one = snapshot('jane', 1);
  snapshots.keep(one);
  assert.equal(snapshots.find(one.walk.id, 'jane'), one);
  assert.equal(snapshots.find(one.walk.id, 'joe'), undefined);
  snapshots.forget(one.walk.id);
  assert.equal(snapshots.find(one.walk.id, 'jane'), undefined);
});

test('snapshots are forgotten, oldest first, when there are too many or they are too large', () => {
  const snapshots = createListSnapshots({ lists: 2, events: 10 });
  const [a, b, c, d] = [snapshot('', 1), snapshot('', 2), snapshot('', 3), snapshot('', 9)] as const;
  for (const one of [a, b, c]) snapshots.keep(one);
  assert.deepEqual(
    [a, b, c].map(({ walk }) => snapshots.find(walk.id, '') !== undefined),
    [false, true, true],
  );
  snapshots.keep(b);
  snapshots.keep(d);
  assert.deepEqual(
    [b, c, d].map(({ walk }) => snapshots.find(walk.id, '') !== undefined),
    [false, false, true],
  );
});
