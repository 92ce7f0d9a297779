import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../src/objects/change.ts';
import { changesOf } from '../src/objects/changes-of.ts';
import { isRaw, type RawObject } from '../src/objects/raw-object.ts';
import { readObject } from '../src/objects/read-object.ts';
import { describeChange } from '../src/stories/tell/describe-change.ts';
import { readObjects } from './read-objects.ts';
import { readRecordedWatch } from './read-recording.ts';

function changesIn(scenario: string, kind: string, type: Change['type']): string[] {
  const { changes } = readObjects(`${scenario}/objects.jsonl`);
  return changes
    .filter((change) => change.object.kind === kind && change.type === type)
    .map((change) => `${describeChange(change).message} by ${'manager' in change ? change.manager : ''}`);
}

const IMAGE = 'ghcr.io/stefanprodan/podinfo';

test('changesOf tells what was done to a Deployment and by whom, in both versions', () => {
  const done = [
    `image ${IMAGE}:6.0.0 → ${IMAGE}:6.0.1 by kubectl-set`,
    `image ${IMAGE}:6.0.1 → ${IMAGE}:no-such-tag by kubectl-set`,
    `image ${IMAGE}:no-such-tag → ${IMAGE}:6.0.1 by kubectl`,
  ];
  assert.deepEqual(changesIn('v1.36/j-rollout-undo', 'Deployment', 'spec-changed'), [
    ...done,
    'replicas 3 → 6 by kubectl',
    'replicas 6 → 1 by kubectl',
    'restarted by kubectl-rollout',
    'replicas 1 → 0 by ',
    'replicas 0 → 2 by ',
  ]);
  // 1.20 keeps no trace of who scaled.
  assert.deepEqual(changesIn('v1.20/j-rollout-undo', 'Deployment', 'spec-changed'), [
    ...done,
    'replicas 3 → 6 by ',
    'replicas 6 → 1 by ',
    'restarted by kubectl-rollout',
    'replicas 1 → 0 by ',
    'replicas 0 → 2 by ',
  ]);
});

test('changesOf tells how containers ended when no Event does', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const { changes } = readObjects(`${version}/c-crashloop/objects.jsonl`);
    const ends = changes.filter((change) => change.type === 'container-terminated');
    const codes = (container: string) => [
      ...new Set(
        ends.filter((end) => end.container === container).map((end) => `${end.exitCode} ${end.reason}`),
      ),
    ];
    assert.deepEqual(codes('exits-zero'), ['0 Completed']);
    assert.deepEqual(codes('no-such-command'), ['128 StartError']);
    assert.ok(codes('crasher').includes('2 Error'), codes('crasher').join());
    assert.equal(
      new Set(ends.map((end) => `${end.object.uid} ${end.container} ${end.at} ${end.exitCode}`)).size,
      ends.length,
      'each is told once',
    );
  }
});

test('changesOf tells of each container’s last end when the Pod is seen for the first time', () => {
  const pods = readRecordedWatch('v1.36/c-crashloop/objects.jsonl')
    .map((line) => line.object)
    .filter(isRaw)
    .filter((object) => object.kind === 'Pod');
  const last = pods.findLast(
    (pod) => JSON.stringify(pod).includes('CrashLoopBackOff') && JSON.stringify(pod).includes('"crasher"'),
  );
  assert.ok(last !== undefined);
  const types = changesOf(undefined, last, 0, '').map((change) => change.type);
  assert.deepEqual(
    types.filter((type) => type.startsWith('container')),
    ['container-terminated', 'container-waiting'],
  );
});

test('changesOf tells which keys of a ConfigMap changed and never what is in them', () => {
  const before = configMap('1', { greeting: 'hello', color: 'blue' }, 'kubectl-create');
  const after = configMap('2', { greeting: 'hello', color: 'secret-red', size: '4' }, 'kubectl-edit');
  const [change] = changesOf(before, after, 5_000_000, 'c');
  assert.ok(change?.type === 'content-changed');
  assert.deepEqual([change.keys, change.manager], [['color', 'size'], 'kubectl-edit']);
  assert.doesNotMatch(JSON.stringify(change), /secret-red|blue/);
  assert.deepEqual(
    changesOf(
      after,
      { ...after, metadata: { ...(after.metadata as object), labels: { a: 'b' }, resourceVersion: '3' } },
      6_000_000,
      'c',
    ),
    [],
  );
});

test('changesOf tells only the keys of whoever wrote when nothing but metadata is known', () => {
  const metadataOf = ({ data: _, ...rest }: RawObject) => rest;
  const before = metadataOf(configMap('1', { greeting: 'hello', color: 'blue' }, 'kubectl-create'));
  const edited = metadataOf(configMap('2', { color: 'red' }, 'kubectl-edit')) as {
    metadata: { managedFields: object[] };
  };
  const left = metadataOf(configMap('1', { greeting: 'hello' }, 'kubectl-create')) as typeof edited;
  const managedFields = [...left.metadata.managedFields, ...edited.metadata.managedFields];
  const after = { ...edited, metadata: { ...edited.metadata, managedFields } };
  const [change] = changesOf(before, after, 5_000_000, 'c');
  assert.ok(change?.type === 'content-changed');
  assert.deepEqual([change.keys, change.manager], [['color'], 'kubectl-edit']);
});

function configMap(resourceVersion: string, data: Record<string, string>, manager: string): RawObject {
  const fieldsV1 = { 'f:data': Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}])) };
  const time = `1970-01-01T00:00:0${resourceVersion}Z`;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'shop-config',
      namespace: 'shop',
      uid: 'u',
      resourceVersion,
      managedFields: [{ manager, operation: 'Update', time, fieldsV1 }],
    },
    data,
  };
}

test('changesOf tells no values of environment variables', () => {
  const deployment = (value: string, generation: number): RawObject => ({
    kind: 'Deployment',
    metadata: { name: 'web', generation },
    spec: {
      template: {
        spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'PASSWORD', value }] }] },
      },
    },
  });
  const [change] = changesOf(deployment('hunter2', 1), deployment('hunter3', 2), 1, 'c');
  assert.ok(change?.type === 'spec-changed');
  assert.deepEqual(change.fields, [
    { field: 'template.spec.containers[web].env', container: '', from: '', to: '' },
  ]);
});

test('readObject reads owners, and what a Pod needs, by name', () => {
  const pods = readRecordedWatch('v1.36/f-failed-mount/objects.jsonl')
    .map((line) => line.object)
    .filter(isRaw);
  const pod = pods.find((object) => object.kind === 'Pod' && JSON.stringify(object).includes('app-tls'));
  assert.ok(pod !== undefined);
  const { owners, uses, inferred } = readObject(pod, 'c', 0);
  assert.equal(owners[0]?.kind, 'ReplicaSet');
  assert.equal(inferred, false);
  assert.deepEqual(uses.map((use) => `${use.as} ${use.kind}/${use.name}`).sort(), [
    'needs Secret/app-tls',
    'needs ServiceAccount/default',
  ]);
});
