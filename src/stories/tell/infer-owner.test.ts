import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listScenarios, readRecordedWatch } from '../../../test/read-recording.ts';
import { inferOwner } from './infer-owner.ts';

interface Owned {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly ownerReferences?: readonly { kind: string; name: string }[];
  };
}

test('inferOwner says what the objects of the recordings say when it says anything', () => {
  const objects = listScenarios()
    .flatMap((scenario) => readRecordedWatch(`${scenario}/objects.jsonl`))
    .filter((line) => line.type === 'ADDED')
    .map((line) => line.object as Owned);
  let inferred = 0;
  for (const { kind, metadata } of objects) {
    const owner = inferOwner(kind, metadata.name);
    const truth = metadata.ownerReferences?.[0];
    if (owner !== undefined) {
      assert.deepEqual(owner, { kind: truth?.kind, name: truth?.name }, metadata.name);
      inferred++;
    } else
      assert.notEqual(
        truth?.kind === 'ReplicaSet' || truth?.kind === 'CronJob' || truth?.kind === 'Deployment',
        true,
        metadata.name,
      );
  }
  assert.ok(inferred > 250, String(inferred));
});

test('inferOwner says nothing when others make such names too', () => {
  assert.equal(inferOwner('Pod', 'agent-lkd8n'), undefined);
  assert.equal(inferOwner('Pod', 'web-0'), undefined);
  assert.equal(inferOwner('Pod', 'no-such-command'), undefined);
  assert.equal(inferOwner('ReplicaSet', 'bad'), undefined);
  assert.equal(inferOwner('ReplicaSet', 'release-candidate'), undefined);
  assert.equal(inferOwner('Job', 'migrate'), undefined);
  assert.equal(inferOwner('Node', 'node-12345678'), undefined);
});
