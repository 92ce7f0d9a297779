import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '../../../test/read-record.ts';
import { listScenarios } from '../../../test/read-recording.ts';
import { readClaim } from './read-claim.ts';

test('readClaim reads both wordings of a scaling', () => {
  const claim = { does: 'scales', kind: 'ReplicaSet', name: 'podinfo-57f897f5f8' };
  assert.deepEqual(readClaim('ScalingReplicaSet', 'Scaled up replica set podinfo-57f897f5f8 to 2'), {
    ...claim,
    from: undefined,
    to: 2,
    up: true,
  });
  assert.deepEqual(readClaim('ScalingReplicaSet', 'Scaled down replica set podinfo-57f897f5f8 from 2 to 1'), {
    ...claim,
    from: 2,
    to: 1,
    up: false,
  });
  assert.deepEqual(
    readClaim('ScalingReplicaSet', 'Scaled up ReplicaSet podinfo-57f897f5f8 (revision 3) from 0 to 1'),
    { ...claim, from: 0, to: 1, up: true },
  );
});

test('readClaim reads a claim from every Event of the recordings that makes, removes or scales something', () => {
  const records = listScenarios().flatMap((scenario) => readRecord(`${scenario}/events-core-v1.jsonl`));
  const controls = records.filter(({ event }) =>
    ['ScalingReplicaSet', 'SuccessfulCreate', 'SuccessfulDelete', 'SawCompletedJob', 'Scheduled'].includes(
      event.reason,
    ),
  );
  assert.ok(controls.length > 500, String(controls.length));
  for (const { occurrences, event } of controls) {
    for (const { message } of occurrences) {
      const claim = readClaim(event.reason, message.replace('(combined from similar events): ', ''));
      assert.ok(claim !== undefined && claim.name !== '' && message.includes(claim.name), message);
    }
  }
});

test('readClaim tells a StatefulSet’s claim from its Pod', () => {
  assert.equal(
    readClaim('SuccessfulCreate', 'create Claim data-db-0 Pod db-0 in StatefulSet db success')?.kind,
    'PersistentVolumeClaim',
  );
  assert.equal(
    readClaim('SuccessfulCreate', 'Create Pod web-0 in StatefulSet web successful')?.name,
    'web-0',
  );
  assert.equal(
    readClaim('SuccessfulDelete', 'delete Pod web-2 in StatefulSet web successful')?.does,
    'deletes',
  );
});

test('readClaim reads nothing when a message names nothing', () => {
  assert.equal(readClaim('Pulled', 'Container image "busybox" already present on machine'), undefined);
  assert.equal(readClaim('FailedCreate', 'Error creating: pods "web-1" is forbidden'), undefined);
  assert.equal(readClaim('', ''), undefined);
});
