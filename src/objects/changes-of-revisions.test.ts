import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecordedWatch, readRecording } from '../../test/read-recording.ts';
import { formatTime } from '../lib/rfc3339.ts';
import { changesOf } from './changes-of.ts';
import { changesOfRevisions } from './changes-of-revisions.ts';
import { isRaw, numberAt, type RawObject, textAt } from './raw-object.ts';

const IMAGE = 'ghcr.io/stefanprodan/podinfo';

/** The state of a recording's Deployment and ReplicaSets at the moment that a condition first holds, or at their end. */
function stateWhen(scenario: string, isWanted: (object: RawObject) => boolean): RawObject[] {
  const state = new Map<string, RawObject>();
  for (const { object, type } of readRecordedWatch(`${scenario}/objects.jsonl`)) {
    if (!isRaw(object) || !['Deployment', 'ReplicaSet'].includes(textAt(object, 'kind'))) continue;
    if (type === 'DELETED') break;
    state.set(textAt(object, 'metadata', 'uid'), object);
    if (isWanted(object)) break;
  }
  return [...state.values()];
}

function tell(objects: readonly RawObject[]): string[] {
  const deployment = objects.find((object) => object.kind === 'Deployment');
  const replicaSets = objects.filter((object) => object.kind === 'ReplicaSet');
  assert.ok(deployment !== undefined && replicaSets.length > 1);
  return tellOf(deployment, replicaSets);
}

function tellOf(workload: RawObject, kept: readonly RawObject[]): string[] {
  return changesOfRevisions(workload, kept, 'c').map((change) => {
    assert.ok(change.type === 'spec-changed');
    const fields = change.fields.map(({ field, from, to }) => `${field} ${from} → ${to}`);
    return `${formatTime(change.at)} ${fields.join(', ')} by ${change.manager}`;
  });
}

for (const [version, at] of [
  ['v1.20', '2026-11-23T15:29:25Z'],
  ['v1.36', '2026-11-23T15:33:31Z'],
] as const) {
  test(`changesOfRevisions tells of the bad image and by whom when ${version} knows nothing but the revisions`, () => {
    const now = stateWhen(
      `${version}/b-bad-image`,
      (object) =>
        object.kind === 'Deployment' &&
        numberAt(object, 'status', 'unavailableReplicas') === 1 &&
        textAt(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') === '2',
    );
    assert.deepEqual(tell(now), [`${at} image ${IMAGE}:6.0.0 → example by kubectl-set`]);
  });
}

for (const version of ['v1.20', 'v1.36']) {
  test(`changesOfRevisions tells a rollback by the revision it returns to in ${version}`, () => {
    const undone = stateWhen(
      `${version}/j-rollout-undo`,
      (object) =>
        object.kind === 'Deployment' &&
        textAt(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') === '4',
    );
    const last = tell(undone).at(-1) ?? '';
    assert.match(last, new RegExp(`image ${IMAGE}:no-such-tag → ${IMAGE}:6.0.1, revision 3 → 2 by kubectl$`));
  });

  test(`changesOfRevisions tells nothing twice and in the order of the revisions in ${version}`, () => {
    const told = tell(stateWhen(`${version}/j-rollout-undo`, () => false));
    assert.match(told.at(-1) ?? '', /restarted {2}→ {2}by kubectl-rollout$/);
    assert.equal(new Set(told.map((line) => line.split(' ')[0])).size, told.length);
    assert.deepEqual(told, told.toSorted());
  });
}

test('changesOfRevisions tells nothing of a Deployment that was never changed, nor of the ReplicaSets of another', () => {
  const objects = stateWhen('v1.36/a-healthy-rollout', () => false);
  const deployment = objects.find((object) => object.kind === 'Deployment');
  const [first, ...others] = objects
    .filter((object) => object.kind === 'ReplicaSet')
    .sort((a, b) =>
      textAt(a, 'metadata', 'creationTimestamp') < textAt(b, 'metadata', 'creationTimestamp') ? -1 : 1,
    );
  assert.ok(deployment !== undefined && first !== undefined && others.length > 0);
  assert.deepEqual(changesOfRevisions(deployment, [first], 'c'), []);
  const other = { ...deployment, metadata: { ...(deployment.metadata as object), uid: 'another' } };
  assert.deepEqual(changesOfRevisions(other, [first, ...others], 'c'), []);
});

test('changesOfRevisions tells the images of a revision when the one before it is no longer kept', () => {
  const objects = stateWhen('v1.36/a-healthy-rollout', () => false);
  const deployment = objects.find((object) => object.kind === 'Deployment');
  const second = objects.find(
    (object) =>
      object.kind === 'ReplicaSet' &&
      textAt(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') === '2',
  );
  assert.ok(deployment !== undefined && second !== undefined);
  const [change, ...more] = changesOfRevisions(deployment, [second], 'c');
  assert.ok(change?.type === 'spec-changed' && more.length === 0);
  assert.deepEqual(change.fields, [{ field: 'image', container: '', from: '', to: `${IMAGE}:6.0.1` }]);
  assert.equal(change.manager, 'kubectl-set');
});

test('changesOfRevisions takes who made a Deployment for nobody who changed it, when a rollback took over the fields of who did', () => {
  const { items } = JSON.parse(readRecording('scaled-midway/objects.json')) as { items: RawObject[] };
  // Changed 7 s after it was made.
  assert.deepEqual(tell(items), [
    '2026-11-23T23:01:09Z image nginx:1 → nginx:2 by ',
    '2026-11-23T23:02:41Z image nginx:2 → nginx:1, revision 2 → 1 by kubectl',
  ]);
});

/** A StatefulSet or DaemonSet of which an image was set, then the environment; then it was rolled back to the image, and restarted or not. */
function readSets(name: string): { readonly workload: RawObject; readonly kept: readonly RawObject[] } {
  const { items } = JSON.parse(readRecording('revisions/objects.json')) as { items: RawObject[] };
  const workload = items.find((object) => textAt(object, 'metadata', 'name') === name);
  assert.ok(workload !== undefined);
  return { workload, kept: items.filter((object) => object.kind === 'ControllerRevision') };
}

test('changesOfRevisions tells from ControllerRevisions what changed of a StatefulSet and a DaemonSet', () => {
  const expected = [
    `image ${IMAGE}:6.0.0 → ${IMAGE}:6.0.1 by `,
    'template.spec.containers[podinfo].env  →  by kubectl-set',
    'restarted  →  by kubectl-rollout',
  ];
  for (const name of ['web', 'agent']) {
    const { workload, kept } = readSets(name);
    const told = tellOf(workload, kept);
    assert.deepEqual(
      told.map((line) =>
        line.slice(line.indexOf(' ') + 1).replace(/, template.spec.containers\[side\].env.*? by/, ' by'),
      ),
      expected,
      name,
    );
    assert.deepEqual(told, told.toSorted());
    for (const change of changesOfRevisions(workload, kept, 'c'))
      assert.deepEqual([change.object.kind, change.object.name], [workload.kind, name]);
  }
});

test('changesOfRevisions tells when a StatefulSet was rolled back when its ControllerRevision tells when it was numbered anew', () => {
  const { workload, kept } = readSets('db');
  assert.deepEqual(
    tellOf(workload, kept).filter((line) => line.includes('revision')),
    [],
    'Kubernetes 1.20 leaves the time of the first number',
  );
  const numberedAt = '2026-11-24T01:17:12Z';
  const later = kept.map((object) =>
    object.revision === 4
      ? {
          ...object,
          metadata: {
            ...(object.metadata as object),
            managedFields: [
              {
                manager: 'kube-controller-manager',
                operation: 'Update',
                time: numberedAt,
                fieldsV1: { 'f:data': {}, 'f:revision': {} },
              },
            ],
          },
        }
      : object,
  );
  assert.equal(
    tellOf(workload, later).at(-1),
    `${numberedAt} template.spec.containers[podinfo].env  → , revision 3 → 2 by `,
  );
});

test('changesOfRevisions tells no number that a StatefulSet returned to when several are missing', () => {
  const { workload, kept } = readSets('web');
  const numbers = new Map([
    [1, 1],
    [3, 5],
    [4, 6],
    [5, 7],
  ]);
  const pruned = kept.map((object) => ({ ...object, revision: numbers.get(Number(object.revision)) }));
  const fields = changesOfRevisions(workload, pruned, 'c').flatMap((change) =>
    change.type === 'spec-changed' ? change.fields : [],
  );
  assert.ok(fields.length > 0);
  assert.deepEqual(
    fields.filter(({ field }) => field === 'revision'),
    [],
  );
});

test('changesOf says that a DaemonSet was restarted when its first state tells no more than who wrote which fields', () => {
  for (const name of ['web', 'agent'])
    assert.deepEqual(
      changesOf(undefined, readSets(name).workload, 0, 'c').flatMap((change) =>
        change.type === 'spec-changed' ? change.fields.map(({ field }) => field) : [],
      ),
      ['restarted'],
      name,
    );
});
