import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasRecording, listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { NOT_KEPT, trimLastState } from './last-state.ts';
import { at, isRaw, listAt, type RawObject, textAt } from './raw-object.ts';

const KINDS = ['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];
const RECORDED: readonly RawObject[] = listScenarios()
  .map((scenario) => `${scenario}/objects.jsonl`)
  .filter(hasRecording)
  .flatMap((path) => readRecordedWatch(path))
  .flatMap(({ object }) => (isRaw(object) && KINDS.includes(textAt(object, 'kind')) ? [object] : []));
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** All that stands anywhere in an object under a key, with what is around it. */
function findAll(value: unknown, key: string): { readonly found: unknown; readonly around: RawObject }[] {
  if (Array.isArray(value)) return value.flatMap((one) => findAll(one, key));
  if (!isRaw(value)) return [];
  const own = key in value ? [{ found: value[key], around: value }] : [];
  return [...own, ...Object.values(value).flatMap((one) => findAll(one, key))];
}

test('trimLastState keeps spec and status of every recorded object as they were, and no managedFields', () => {
  assert.ok(RECORDED.length > 500);
  for (const object of RECORDED) {
    const kept = trimLastState(object);
    assert.equal(at(kept, 'metadata', 'managedFields'), undefined);
    assert.equal(at(kept, 'metadata', 'annotations', LAST_APPLIED), undefined);
    for (const field of ['name', 'uid', 'resourceVersion', 'labels', 'ownerReferences', 'creationTimestamp'])
      assert.deepEqual(at(kept, 'metadata', field), at(object, 'metadata', field));
    assert.deepEqual(kept.status, object.status);
    if (findAll(object.spec, 'env').length === 0 && findAll(object.spec, 'annotations').length === 0)
      assert.deepEqual(kept.spec, object.spec);
  }
});

test('trimLastState hides values of environment variables, of headers and of annotations that are others’, wherever they stand', () => {
  const pod = RECORDED.find(({ kind }) => kind === 'Pod') ?? assert.fail();
  const [container = {}] = listAt(pod, 'spec', 'containers');
  const annotations = {
    'deployment.kubernetes.io/revision': '3',
    'vault.example.com/token': 's3cret',
    [LAST_APPLIED]: '{"s3cret":true}',
  };
  const env = [
    { name: 'PASSWORD', value: 's3cret' },
    { name: 'EMPTY', value: '' },
    { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ];
  const httpGet = { path: '/', port: 80, httpHeaders: [{ name: 'Authorization', value: 's3cret' }] };
  const spec = {
    containers: [{ ...container, env, livenessProbe: { httpGet } }],
    initContainers: [{ ...container, env }],
    tolerations: [{ key: 'pool', operator: 'Equal', value: 'batch' }],
  };
  const job = {
    kind: 'CronJob',
    spec: { jobTemplate: { spec: { template: { metadata: { annotations }, spec } } } },
  };
  for (const object of [
    { ...pod, metadata: { name: 'x', annotations }, spec },
    { ...pod, ...job },
  ]) {
    const kept = trimLastState(object);
    const text = JSON.stringify(kept);
    assert.ok(!text.includes('s3cret'), text);
    const [hidden] = findAll(kept, 'annotations');
    assert.deepEqual(hidden?.found, {
      'deployment.kubernetes.io/revision': '3',
      'vault.example.com/token': NOT_KEPT,
    });
    for (const { found } of findAll(kept, 'env'))
      assert.deepEqual(found, [{ name: 'PASSWORD', value: NOT_KEPT }, ...env.slice(1)]);
    assert.ok(text.includes('"value":"batch"'));
  }
});
