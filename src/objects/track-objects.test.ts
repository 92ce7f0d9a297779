import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { parseTime } from '../lib/rfc3339.ts';
import type { Change } from './change.ts';
import { changeOfEnd, changesOf } from './changes-of.ts';
import { isRaw, type RawObject, textAt } from './raw-object.ts';
import { readObject } from './read-object.ts';
import { trackObjects } from './track-objects.ts';
import { trimObject } from './trim-object.ts';

interface Heard {
  readonly object: RawObject;
  readonly at: number;
  readonly deleted: boolean;
}

function readHeard(scenario: string): Heard[] {
  return readRecordedWatch(`${scenario}/objects.jsonl`).flatMap(({ object, at, type }) =>
    isRaw(object) && textAt(object, 'metadata', 'uid') !== ''
      ? [{ object, at: parseTime(at) ?? 0, deleted: type === 'DELETED' }]
      : [],
  );
}

/** What whole objects tell, each compared with the one before. */
function changesOfWhole(heard: readonly Heard[]): Change[] {
  const seen = new Map<string, RawObject>();
  return heard.flatMap(({ object, at, deleted }) => {
    const uid = textAt(object, 'metadata', 'uid');
    if (deleted) return [changeOfEnd(object, at, 'c')];
    const changes = changesOf(seen.get(uid), object, at, 'c');
    seen.set(uid, object);
    return changes;
  });
}

test('trackObjects tells of every recording what whole objects tell, and of each object all that is known of it', () => {
  for (const scenario of listScenarios().filter((each) => !each.includes('x-expiry'))) {
    const heard = readHeard(scenario);
    const tracker = trackObjects('c');
    const changes: Change[] = [];
    const latest = new Map<string, unknown>();
    for (const { object, at, deleted } of heard) {
      const told = (deleted ? tracker.end : tracker.see)(trimObject(object), at);
      changes.push(...told.changes);
      if (told.object !== undefined) latest.set(told.object.uid, { ...told.object, seenAt: 0 });
    }
    assert.deepEqual(changes, changesOfWhole(heard), scenario);
    for (const { object, at, deleted } of heard.toReversed()) {
      const uid = textAt(object, 'metadata', 'uid');
      if (!latest.has(uid)) continue;
      assert.deepEqual(
        latest.get(uid),
        { ...readObject(object, 'c', at, deleted ? at : undefined), seenAt: 0 },
        scenario,
      );
      latest.delete(uid);
    }
    assert.equal(latest.size, 0);
  }
});

test('trackObjects tells nothing of a heartbeat, of a status that only counts, of an annotation', () => {
  const [first] = readHeard('v1.36/n-node-notready').filter(({ object }) => object.kind === 'Node');
  assert.ok(first !== undefined);
  const tracker = trackObjects('c');
  tracker.see(trimObject(first.object), first.at);
  const beat = JSON.parse(
    JSON.stringify(first.object).replace(
      /"lastHeartbeatTime":"[^"]*"/g,
      '"lastHeartbeatTime":"2030-01-01T00:00:00Z"',
    ),
  );
  beat.metadata.resourceVersion = '999999999';
  beat.metadata.annotations = { seen: 'now' };
  beat.status.images = [];
  assert.deepEqual(tracker.see(trimObject(beat), first.at + 1), { object: undefined, changes: [] });
});

test('trackObjects holds a Pod in less than a kilobyte', () => {
  const tracker = trackObjects('c');
  const pods = listScenarios()
    .filter((each) => !each.includes('x-expiry'))
    .flatMap(readHeard)
    .filter(({ object }) => object.kind === 'Pod');
  for (const { object, at } of pods) tracker.see(trimObject(object), at);
  assert.ok(tracker.size > 100);
  assert.ok(tracker.bytes / tracker.size < 1024, `${tracker.bytes / tracker.size} bytes each`);
});

test('trackObjects forgets what a list did not show, of that kind and namespace alone', () => {
  const tracker = trackObjects('c');
  const make = (kind: string, namespace: string, uid: string): RawObject => ({
    kind,
    apiVersion: 'v1',
    metadata: { name: uid, namespace, uid, creationTimestamp: '2026-11-23T10:00:00Z' },
  });
  for (const object of [
    make('Pod', 'a', '1'),
    make('Pod', 'b', '2'),
    make('Pod', 'a', '3'),
    make('Service', 'a', '4'),
  ])
    tracker.see(object, 5);
  tracker.keepOnly('Pod', 'v1', 'a', new Set(['3']));
  assert.equal(tracker.size, 3);
  assert.equal(tracker.see(make('Pod', 'a', '1'), 6).changes[0]?.type, 'created');
  assert.deepEqual(tracker.see(make('Pod', 'b', '2'), 6).changes, []);
});
