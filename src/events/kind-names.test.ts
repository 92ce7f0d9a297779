import assert from 'node:assert/strict';
import test from 'node:test';
import { BUILTIN_KINDS, findBuiltinKind, resolveKind } from './kind-names.ts';

test('resolveKind knows every spelling kubectl takes', () => {
  const spellings = {
    Pod: ['po', 'pod', 'pods', 'Pod', 'PODS'],
    Deployment: [
      'deploy',
      'deployment',
      'deployments',
      'deployments.apps',
      'deployment.v1.apps',
      'deploy.extensions',
    ],
    PersistentVolumeClaim: ['pvc', 'PersistentVolumeClaim'],
    Endpoints: ['ep', 'endpoints'],
    NetworkPolicy: ['netpol', 'networkpolicies', 'networkpolicies.networking.k8s.io'],
    CustomResourceDefinition: ['crd', 'crds'],
    CronJob: ['cj', 'cronjobs.v1beta1.batch'],
    Ingress: ['ing', 'ingresses'],
  };
  for (const [kind, words] of Object.entries(spellings)) {
    for (const word of words) assert.equal(resolveKind(word), kind, word);
  }
});

test('resolveKind says undefined when no built-in kind has that name', () => {
  for (const word of [
    'rollout',
    'pods.metrics.k8s.io',
    'deployments.batch',
    'pods.extensions',
    '',
    '.',
    'p o',
  ]) {
    assert.equal(resolveKind(word), undefined, word);
  }
});

test('findBuiltinKind gives what the URL of an object needs', () => {
  assert.deepEqual(findBuiltinKind('no'), {
    kind: 'Node',
    group: '',
    version: 'v1',
    plural: 'nodes',
    namespaced: false,
    shortNames: ['no'],
  });
  assert.equal(findBuiltinKind('cj')?.version, '');
});

test('BUILTIN_KINDS gives no name to two kinds', () => {
  const names = BUILTIN_KINDS.flatMap((kind) => [
    ...new Set([kind.plural, kind.kind.toLowerCase(), ...kind.shortNames]),
  ]);
  assert.equal(new Set(names).size, names.length);
});
