import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawObject } from './raw-object.ts';
import { readUses } from './read-uses.ts';

function usesOf(kind: string, body: RawObject, metadata: RawObject = {}): string[] {
  const object = { kind, metadata: { name: 'it', namespace: 'shop', ...metadata }, ...body };
  return readUses(object).map(
    ({ as, kind, name, namespace }) =>
      `${as} ${kind}/${name}${namespace === undefined ? '' : ` in ${namespace}`}`,
  );
}

test('readUses tells all that a Pod reads, mounts, runs as and runs on', () => {
  const spec = {
    nodeName: 'node-1',
    serviceAccountName: 'runner',
    priorityClassName: 'high',
    runtimeClassName: 'gvisor',
    imagePullSecrets: [{ name: 'registry' }],
    resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu-1' }],
    initContainers: [
      { name: 'i', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'init', key: 'a' } } }] },
    ],
    containers: [
      {
        name: 'c',
        envFrom: [{ configMapRef: { name: 'env' } }, { secretRef: { name: 'env' } }],
        env: [
          { name: 'A', value: 'plain' },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'env', key: 'b' } } },
        ],
      },
    ],
    ephemeralContainers: [{ name: 'e', envFrom: [{ configMapRef: { name: 'debug' } }] }],
    volumes: [
      { name: 'config', configMap: { name: 'files' } },
      { name: 'tls', secret: { secretName: 'tls' } },
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'fast' } } } },
      { name: 'all', projected: { sources: [{ configMap: { name: 'p' } }, { secret: { name: 'p' } }] } },
      { name: 'csi', csi: { driver: 'd', nodePublishSecretRef: { name: 'csi' } } },
      { name: 'ceph', cephfs: { monitors: [], secretRef: { name: 'ceph' } } },
      {
        name: 'kube-api-access-x2x4z',
        projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] },
      },
    ],
  };
  assert.deepEqual(usesOf('Pod', { spec }), [
    'runs-on Node/node-1',
    'needs ServiceAccount/runner',
    'needs PriorityClass/high',
    'needs RuntimeClass/gvisor',
    'needs Secret/registry',
    'needs ResourceClaim/gpu-1',
    'needs Secret/init',
    'needs ConfigMap/env',
    'needs Secret/env',
    'needs ConfigMap/debug',
    'needs ConfigMap/files',
    'needs Secret/tls',
    'needs PersistentVolumeClaim/data',
    'needs PersistentVolumeClaim/it-scratch',
    'needs StorageClass/fast',
    'needs ConfigMap/p',
    'needs Secret/p',
    'needs Secret/csi',
    'needs Secret/ceph',
  ]);
});

test('readUses tells what else refers to what: claims, bindings, selectors, autoscalers, ingresses, sources', () => {
  assert.deepEqual(
    usesOf('PersistentVolumeClaim', { spec: { storageClassName: 'fast', volumeName: 'pv-1' } }),
    ['needs StorageClass/fast', 'needs PersistentVolume/pv-1'],
  );
  assert.deepEqual(
    usesOf('RoleBinding', {
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'ServiceAccount', name: 'runner', namespace: 'ci' },
        { kind: 'ServiceAccount', name: 'own', namespace: 'shop' },
        { kind: 'User', name: 'somebody' },
      ],
    }),
    ['needs ClusterRole/view', 'grants ServiceAccount/runner in ci', 'grants ServiceAccount/own'],
  );
  assert.deepEqual(usesOf('Service', { spec: { selector: { tier: 'front', app: 'web' } } }), [
    'selects Pod/app=web,tier=front',
  ]);
  assert.deepEqual(usesOf('Service', { spec: {} }), [], 'a Service without a selector selects none');
  assert.deepEqual(usesOf('NetworkPolicy', { spec: { podSelector: {} } }), ['selects Pod/'], 'all of them');
  assert.deepEqual(
    usesOf('HorizontalPodAutoscaler', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } } }),
    ['scales Deployment/web'],
  );
  const backends = [{ backend: { service: { name: 'web' } } }, { backend: { serviceName: 'old' } }];
  assert.deepEqual(
    usesOf('Ingress', {
      spec: {
        ingressClassName: 'nginx',
        rules: [{ http: { paths: backends } }],
        tls: [{ secretName: 'cert' }],
      },
    }),
    ['needs IngressClass/nginx', 'needs Service/web', 'needs Service/old', 'needs Secret/cert'],
  );
  assert.deepEqual(
    usesOf('HelmRelease', {
      spec: {
        chart: { spec: { sourceRef: { kind: 'HelmRepository', name: 'charts', namespace: 'flux-system' } } },
        valuesFrom: [{ kind: 'ConfigMap', name: 'values' }],
      },
    }),
    ['needs HelmRepository/charts in flux-system', 'needs ConfigMap/values'],
  );
});

test('readUses tells what applied an object by its labels and annotations, of metadata alone too', () => {
  const applied = (labels: RawObject, annotations: RawObject = {}) =>
    usesOf('Deployment', {}, { labels, annotations });
  assert.deepEqual(
    applied({
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    }),
    ['applied-by Kustomization/apps in flux-system'],
  );
  const helm = { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' };
  assert.deepEqual(applied({ 'app.kubernetes.io/instance': 'web' }, helm), ['applied-by HelmRelease/web']);
  assert.deepEqual(applied({ 'argocd.argoproj.io/instance': 'web' }), [
    'applied-by Application/web in argocd',
  ]);
  assert.deepEqual(applied({}, { 'argocd.argoproj.io/tracking-id': 'team-a_web:apps/Deployment:shop/it' }), [
    'applied-by Application/web in team-a',
  ]);
  assert.deepEqual(applied({}), []);
});
