import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { readObjects } from '../../test/read-objects.ts';
import { pointOf } from '../events/occurrences.ts';
import { anyEvent } from './conformance/any-event.ts';
import { packBatch, unpackBatch } from './pack-batch.ts';
import { surroundingsOf } from './sqlite/surroundings.ts';
import { wordMessage } from './sqlite/wording.ts';

test('unpackBatch gives back any batch that packBatch packed', () => {
  const sighting = fc
    .record({ event: anyEvent, deleted: fc.boolean(), at: fc.maxSafeInteger(), hasPoints: fc.boolean() })
    .map(({ event, deleted, at, hasPoints }) => ({
      ...{ event, deleted, at },
      ...(hasPoints ? { points: [pointOf(event), pointOf(event)] } : {}),
    }));
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 20 }), (sightings) => {
      const batch = {
        cluster: { uid: 'c', name: 'é', version: '' },
        sightings,
        coverage: [{ namespace: '', from: 1, to: 2 }],
      };
      const packed = packBatch(batch);
      const { worded, ...unpacked } = unpackBatch(packed);
      assert.deepEqual(unpacked, batch);
      assert.deepEqual(
        worded,
        sightings.map(({ event }) => wordMessage(event.message, surroundingsOf(event))),
      );
      assert.equal(packed.byteLength, packed.buffer.byteLength);
    }),
  );
});

test('unpackBatch gives back what a batch tells of objects, but for fields that are not known', () => {
  const { objects, changes } = readObjects('v1.36/c-crashloop/objects.jsonl', 'c-1');
  const [object] = objects;
  assert.ok(object !== undefined && object.deletedAt !== undefined);
  const list = { kind: 'Pod', apiVersion: 'v1', namespace: '', uids: ['a', 'b'], at: 1_000_001 };
  const batch = {
    cluster: { uid: 'c-1', name: '', version: '' },
    sightings: [],
    objects,
    changes,
    objectLists: [list],
  };
  const { worded, ...unpacked } = unpackBatch(packBatch(batch));
  assert.deepEqual(worded, []);
  assert.deepEqual(withoutUnknown(unpacked), withoutUnknown(batch));
});

/** Without fields that are undefined. */
function withoutUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(known.map(([key, each]) => [key, withoutUnknown(each)]));
}
