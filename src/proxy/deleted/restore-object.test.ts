import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECOND } from '../../lib/time.ts';
import type { Change } from '../../objects/change.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { restoreObject } from './restore-object.ts';

const MADE = Date.UTC(2026, 10, 23, 16) * 1000;
const TARGET = { kind: 'Pod', apiVersion: 'v1', namespace: 'shop', name: 'web-0' };
const POD: KubernetesObject = {
  cluster: 'c',
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: 'shop',
  name: 'web-0',
  uid: 'u-1',
  owners: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u-0', controller: true }],
  uses: [
    { kind: 'Node', name: 'node-1', as: 'runs-on' },
    { kind: 'ServiceAccount', name: 'web', as: 'needs' },
  ],
  labels: { app: 'web' },
  createdAt: MADE,
  deletedAt: MADE + 90 * SECOND,
  seenAt: MADE + 80 * SECOND,
  inferred: false,
};

function change<T extends object>(fields: T) {
  return { object: POD, at: MADE, resourceVersion: '', ...fields };
}

const CHANGES: readonly Change[] = [
  change({
    type: 'created' as const,
    manager: 'kubectl',
    fields: [{ field: 'image', container: '', from: '', to: 'web:1' }],
  }),
  change({
    type: 'container-terminated' as const,
    at: MADE + 30 * SECOND,
    container: 'main',
    exitCode: 137,
    signal: 0,
    reason: 'OOMKilled',
    message: '',
    startedAt: MADE + 10 * SECOND,
    restarts: 0,
    init: false,
  }),
  change({
    type: 'container-waiting' as const,
    at: MADE + 40 * SECOND,
    container: 'main',
    reason: 'CrashLoopBackOff',
    message: '',
    after: MADE + 30 * SECOND,
  }),
  change({
    type: 'condition-changed' as const,
    at: MADE + 40 * SECOND,
    condition: 'Ready',
    from: 'True',
    to: 'False',
    reason: 'ContainersNotReady',
    message: '',
  }),
];

test('restoreObject gives back what the record knows of a Pod: who it was, where it ran, how its container ended', () => {
  assert.deepEqual(restoreObject({ object: POD, changes: CHANGES }, TARGET), {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      uid: 'u-1',
      creationTimestamp: '2026-11-23T16:00:00Z',
      deletionTimestamp: '2026-11-23T16:01:30Z',
      deletionGracePeriodSeconds: 0,
      labels: { app: 'web' },
      annotations: { 'hark.dev/deleted': '2026-11-23T16:01:30Z' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u-0', controller: true },
      ],
    },
    spec: { containers: [{ name: 'main', image: 'web:1' }], nodeName: 'node-1', serviceAccountName: 'web' },
    status: {
      phase: 'Unknown',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          lastTransitionTime: '2026-11-23T16:00:40Z',
          reason: 'ContainersNotReady',
        },
      ],
      containerStatuses: [
        {
          name: 'main',
          image: 'web:1',
          imageID: '',
          ready: false,
          restartCount: 1,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: {
            terminated: {
              exitCode: 137,
              reason: 'OOMKilled',
              startedAt: '2026-11-23T16:00:10Z',
              finishedAt: '2026-11-23T16:00:30Z',
            },
          },
        },
      ],
    },
  });
});

test('restoreObject gives all of an object back as it was last, where that is kept, and says when it was gone', () => {
  const status = {
    phase: 'Failed',
    containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 137 } } }],
  };
  const metadata = { name: 'web-0', annotations: { 'kubernetes.io/psp': 'x' }, resourceVersion: '7' };
  const last = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'node-1' }, status };
  const restored = restoreObject({ object: POD, changes: [], last }, TARGET);
  assert.deepEqual(restored, {
    ...last,
    metadata: {
      ...metadata,
      deletionTimestamp: '2026-11-23T16:01:30Z',
      deletionGracePeriodSeconds: 0,
      annotations: { 'kubernetes.io/psp': 'x', 'hark.dev/deleted': '2026-11-23T16:01:30Z' },
    },
  });
  const asked = { ...metadata, deletionTimestamp: '2026-11-23T16:01:00Z', deletionGracePeriodSeconds: 30 };
  const own = restoreObject(
    { object: POD, changes: [], last: { ...last, metadata: asked } },
    TARGET,
  ).metadata;
  assert.equal(own.deletionTimestamp, '2026-11-23T16:01:00Z');
  assert.equal(own.deletionGracePeriodSeconds, 30);
});

test('restoreObject says when an object was seen last, where it is not known when it was gone', () => {
  const { metadata } = restoreObject({ object: { ...POD, deletedAt: undefined }, changes: [] }, TARGET);
  assert.equal(metadata.deletionTimestamp, '2026-11-23T16:01:20Z');
  assert.deepEqual(metadata.annotations, { 'hark.dev/last-seen': '2026-11-23T16:01:20Z' });
});

test('restoreObject gives a Deployment the number of replicas that it had last, and no selector that selects', () => {
  const scaled = change({
    type: 'spec-changed' as const,
    manager: 'kubectl',
    fields: [{ field: 'replicas', container: '', from: '2', to: '3' }],
  });
  const deployment = { kind: 'Deployment', apiVersion: 'apps/v1', namespace: 'shop', name: 'web-0' };
  const { spec } = restoreObject({ object: POD, changes: [scaled] }, deployment) as unknown as {
    spec: { replicas: number; selector: null };
  };
  assert.equal(spec.replicas, 3);
  assert.equal(spec.selector, null);
});
