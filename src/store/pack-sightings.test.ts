import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { pointOf } from '../events/occurrences.ts';
import { anyEvent } from './conformance/any-event.ts';
import { createSightingPacker, unpackSightings } from './pack-sightings.ts';
import { surroundingsOf } from './sqlite/surroundings.ts';
import { wordMessage } from './sqlite/wording.ts';

test('unpackSightings gives back any sightings that were packed, with their messages taken apart', () => {
  const sighting = fc
    .record({ event: anyEvent, deleted: fc.boolean(), at: fc.maxSafeInteger(), hasPoints: fc.boolean() })
    .map(({ event, deleted, at, hasPoints }) => ({
      ...{ event, deleted, at },
      ...(hasPoints ? { points: [pointOf(event), pointOf(event)] } : {}),
    }));
  const packer = createSightingPacker();
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 20 }), (sightings) => {
      packer.clear();
      for (const one of sightings) packer.add(one);
      const packed = packer.packed();
      assert.deepEqual(
        [...unpackSightings(packed)],
        sightings.map((one) => ({
          ...one,
          worded: wordMessage(one.event.message, surroundingsOf(one.event)),
        })),
      );
      assert.equal(packed.byteLength, packed.buffer.byteLength);
    }),
  );
});
