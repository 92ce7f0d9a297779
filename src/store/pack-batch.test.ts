import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pointOf } from '../events/occurrences.ts';
import { anyEvent } from './conformance/any-event.ts';
import { packBatch, unpackBatch } from './pack-batch.ts';

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
      assert.deepEqual(unpackBatch(packed), batch);
      assert.equal(packed.byteLength, packed.buffer.byteLength);
    }),
  );
});
