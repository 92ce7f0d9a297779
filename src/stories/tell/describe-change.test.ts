import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeField } from './describe-change.ts';

test('describeField says a path as a person would when only that is known', () => {
  const said = (field: string) => describeField({ field, container: '', from: '', to: '' });
  assert.equal(said('template.spec.containers[web].image'), 'image of web');
  assert.equal(said('template.spec.initContainers[wait].env'), 'env of wait');
  assert.equal(said('template.spec.containers[web]'), 'container web');
  assert.equal(said('jobTemplate.spec.template.spec.nodeSelector'), 'nodeSelector');
  assert.equal(said('strategy.type'), 'strategy.type');
});

test('describeField tells values where they are known', () => {
  assert.equal(describeField({ field: 'image', container: 'web', from: 'a', to: 'b' }), 'image of web a → b');
  assert.equal(describeField({ field: 'replicas', container: '', from: '2', to: '5' }), 'replicas 2 → 5');
  assert.equal(describeField({ field: 'image', container: '', from: '', to: 'b' }), 'image b');
});
