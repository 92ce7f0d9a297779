import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameClusters } from './name-clusters.ts';

test('nameClusters tells clusters of one name apart by their uid, and leaves the others as they are', () => {
  const cluster = (uid: string, name: string) => ({ uid, name, version: '' });
  const named = nameClusters([
    cluster('0b9c2d7e-1111', 'kind'),
    cluster('f00dcafe-2222', 'kind'),
    cluster('5c8b0f3e-3333', 'prod'),
  ]);
  assert.deepEqual([...named.values()], ['kind (0b9c2d7e)', 'kind (f00dcafe)', 'prod']);
});
