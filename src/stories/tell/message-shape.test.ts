import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageShape } from './message-shape.ts';

test('messageShape is the same when only numbers, uids and random names differ', () => {
  const refused = (pod: string) =>
    `Error creating: pods "web-96d5df5c8-${pod}" is forbidden: exceeded quota: none, requested: pods=1`;
  assert.equal(messageShape(refused('gp8j6')), messageShape(refused('6m9zx')));
  const probe = (port: number) =>
    `Readiness probe failed: read tcp 10.244.0.1:${port}->10.244.0.107:9898: connection reset by peer`;
  assert.equal(messageShape(probe(58796)), messageShape(probe(41)));
  const oom = (pid: number) => `System OOM encountered, victim process: podinfo, pid: ${pid}`;
  assert.equal(messageShape(oom(14800)), messageShape(oom(9)));
});

test('messageShape differs when something else is said', () => {
  assert.notEqual(
    messageShape('Readiness probe failed: timeout'),
    messageShape('Liveness probe failed: timeout'),
  );
  assert.notEqual(messageShape('secret "a" not found'), messageShape('secret "b" not found'));
});
