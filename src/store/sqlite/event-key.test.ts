import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { identify, isSameEvent } from '../../events/identity.ts';
import { anyEvent } from '../conformance/any-event.ts';
import { keyOfEvent, nameOfKey } from './event-key.ts';

test('nameOfKey gives back every name that keyOfEvent took apart', () => {
  let apart = 0;
  fc.assert(
    fc.property(anyEvent, (event) => {
      const { prefix, high, key, low } = keyOfEvent(event);
      if (prefix === undefined) return;
      apart++;
      assert.equal(nameOfKey(prefix, high, key, low), event.name);
    }),
    { numRuns: 500 },
  );
  assert.ok(apart > 50);
});

test('keyOfEvent is the same for states of the same Event, and near for Events of one time', () => {
  fc.assert(
    fc.property(anyEvent, anyEvent, (a, b) => {
      const [one, other] = [a, { ...b, namespace: a.namespace, name: a.name }];
      assert.equal(isSameEvent(one, other), identify(one) === identify(other));
      if (isSameEvent(one, other)) assert.equal(keyOfEvent(one).key, keyOfEvent(other).key);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(anyEvent, (event) => {
      const early = keyOfEvent({ ...event, name: 'web.18eab66e2a3db1bd' });
      const late = keyOfEvent({ ...event, name: 'other.18eab66e2a4db1bd' });
      assert.equal(late.key - early.key, 0x10);
      assert.deepEqual([early.prefix, early.high, early.low], ['web', 0x18ea, 0xb1bd]);
    }),
  );
});
