import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import { cutAt, readScenario } from '../../test/read-record.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { SECOND } from '../lib/time.ts';
import { changeOfEnd, changesOf } from '../objects/changes-of.ts';
import type { RawObject } from '../objects/raw-object.ts';
import { readObject } from '../objects/read-object.ts';
import { diagnose } from './diagnose/diagnose.ts';
import type { Finding } from './diagnose/finding.ts';
import { openStories, type Stories } from './open-stories.ts';
import type { Story } from './story.ts';

// No recording holds objects that workloads refer to, or changes of them: they are written here by hand, beside recorded Events.

const CLUSTER = 'recorded';

interface Workshop {
  readonly stories: Stories;
  /** When the trouble that is looked at began, before anything was changed by hand. */
  readonly since: number;
  /** Notes an object, by what differs from an empty one. */
  has(kind: string, name: string, body?: RawObject, metadata?: RawObject): RawObject;
  /** Changes an object so long before the trouble began, by `kubectl-edit`. */
  change(object: RawObject, body: RawObject, before: number): void;
  remove(object: RawObject, before: number): void;
  /** What is found of the workload. */
  look(): { readonly finding: Finding; readonly story: Story };
}

function openWorkshop(scenario: string, workload: string, clock = '23:59:59'): Workshop {
  const stories = openStories();
  const records = cutAt(readScenario(scenario), parseTime(`2026-11-23T${clock}Z`) ?? 0);
  for (const record of records) stories.addEvent(record);
  const namespace =
    records.find(({ event }) => event.involvedObject.kind === 'Deployment')?.event.namespace ??
    records[0]?.event.namespace ??
    '';
  const asOf = stories.latest();
  const look = () => {
    const told = stories.tell(asOf);
    const finding = diagnose(told, asOf).findings.find(({ object }) => object.name === workload);
    assert.ok(finding !== undefined, `nothing is wrong with ${workload}`);
    const story = told.find(({ id }) => id === finding.stories[0]);
    assert.ok(story !== undefined);
    return { finding, story };
  };
  const { since } = look().finding;
  const isScoped = (kind: string) => !['Node', 'StorageClass', 'ClusterRole'].includes(kind);
  const write = (previous: RawObject, body: RawObject, at: number): RawObject => {
    const metadata = previous.metadata as RawObject;
    const time = `${new Date(Math.floor(at / SECOND) * 1000).toISOString().slice(0, 19)}Z`;
    const fieldsV1 = Object.fromEntries(Object.keys(body).map((key) => [`f:${key}`, {}]));
    const managedFields = [{ manager: 'kubectl-edit', operation: 'Update', time, fieldsV1 }];
    return { ...previous, ...body, metadata: { ...metadata, resourceVersion: `${at}`, managedFields } };
  };
  return {
    stories,
    since,
    look,
    has(kind, name, body = {}, metadata = {}) {
      const own = isScoped(kind) ? { namespace } : {};
      const object: RawObject = {
        apiVersion: 'v1',
        kind,
        metadata: { ...own, name, uid: `${kind}-${name}`, resourceVersion: '1', ...metadata },
        ...body,
      };
      stories.addObject(readObject(object, CLUSTER, since));
      return object;
    },
    change(object, body, before) {
      const at = since - before;
      for (const change of changesOf(object, write(object, body, at), at, CLUSTER)) stories.addChange(change);
    },
    remove: (object, before) => stories.addChange(changeOfEnd(object, since - before, CLUSTER)),
  };
}

/** What a Pod of a Deployment is, as the Events name it, with a spec written by hand. */
function podOf(workshop: Workshop, spec: RawObject, labels: RawObject = {}): void {
  const { finding } = workshop.look();
  const pod = finding.affected.find(({ kind }) => kind === 'Pod');
  assert.ok(pod !== undefined);
  workshop.has('Pod', pod.name, { spec }, { uid: pod.uid, labels });
}

function stepsOf(story: Story): string[] {
  return story.steps.filter(({ source }) => source === 'change').map(({ says, by }) => `${says} by ${by}`);
}

test('openStories tells that a ConfigMap was changed 4 s before the first crash, by whom, in story and finding (the ConfigMap by hand)', () => {
  const workshop = openWorkshop('v1.36/c-crashloop', 'crasher');
  podOf(workshop, {
    containers: [{ name: 'crasher', envFrom: [{ configMapRef: { name: 'shop-config' } }] }],
  });
  const config = workshop.has('ConfigMap', 'shop-config', { data: { MODE: 'a', KEPT: 'x' } });
  workshop.change(config, { data: { MODE: 'b', KEPT: 'x' } }, 4 * SECOND);
  const { finding, story } = workshop.look();
  assert.deepEqual(
    [finding.setOffBy?.by, finding.setOffBy?.says, finding.setOffBy?.how, finding.setOffBy?.confidence],
    ['kubectl-edit', 'configmap/shop-config changed: MODE', 'used', 'likely'],
  );
  assert.match(finding.setOffBy?.because.join() ?? '', /^pod\/crasher-\S+ uses it$/);
  assert.equal(finding.since - (finding.setOffBy?.at ?? 0), 4 * SECOND);
  assert.deepEqual(stepsOf(story), [
    'configmap/shop-config changed: MODE; likely set off what follows by kubectl-edit',
  ]);
  assert.ok(story.objects.some(({ kind, name }) => kind === 'ConfigMap' && name === 'shop-config'));
});

test('openStories is sure of what the error names, and only calls possible what is far away or comes in between (references by hand)', () => {
  const secret = openWorkshop('v1.36/f-failed-mount', 'missing-secret');
  secret.remove(secret.has('Secret', 'app-tls'), 10 * 60 * SECOND);
  assert.deepEqual(
    [secret.look().finding.setOffBy?.confidence, secret.look().finding.setOffBy?.says],
    ['sure', 'secret/app-tls deleted'],
  );
  assert.deepEqual(secret.look().finding.setOffBy?.because, ['the error names it']);

  const far = openWorkshop('v1.36/c-crashloop', 'crasher');
  podOf(far, { volumes: [{ name: 'v', secret: { secretName: 'far' } }] });
  far.change(far.has('Secret', 'far', { data: { a: '' } }), { data: { a: 'changed' } }, 8 * 60 * SECOND);
  assert.equal(far.look().finding.setOffBy?.confidence, 'possible');
  assert.deepEqual(stepsOf(far.look().story), [], 'what is only possible is no step');

  const older = openWorkshop('v1.36/c-crashloop', 'crasher');
  podOf(older, { volumes: [{ name: 'v', secret: { secretName: 'older' } }] });
  older.change(
    older.has('Secret', 'older', { data: { a: '' } }),
    { data: { a: 'changed' } },
    20 * 60 * SECOND,
  );
  assert.equal(older.look().finding.setOffBy, undefined, 'a quarter of an hour is the end');
});

test('openStories looks at what a failure can come of: credentials for an image, rights for a crash, taints for a Pod without a Node (references by hand)', () => {
  const image = openWorkshop('v1.36/b-bad-image', 'podinfo', '15:50:00');
  assert.equal(image.look().finding.failure, 'image-pull');
  podOf(image, {
    imagePullSecrets: [{ name: 'registry' }],
    containers: [
      { name: 'podinfo', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'config' } } }] },
    ],
  });
  image.change(image.has('ConfigMap', 'config', { data: {} }), { data: { a: 'b' } }, SECOND);
  assert.equal(image.look().finding.setOffBy, undefined, 'a ConfigMap keeps no image from being pulled');
  image.change(
    image.has('Secret', 'registry', { data: {} }),
    { data: { '.dockerconfigjson': 'x' } },
    2 * SECOND,
  );
  assert.equal(image.look().finding.setOffBy?.says, 'secret/registry changed: .dockerconfigjson');

  const rights = openWorkshop('v1.36/c-crashloop', 'crasher');
  podOf(rights, { serviceAccountName: 'runner' });
  rights.has('Role', 'reader', { rules: [] });
  const { look } = rights;
  const namespace = look().finding.object.namespace;
  const binding = rights.has('RoleBinding', 'runner-reads', {
    roleRef: { kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'runner', namespace }],
  });
  rights.remove(binding, 3 * SECOND);
  assert.deepEqual(
    [look().finding.setOffBy?.says, look().finding.setOffBy?.confidence],
    ['rolebinding/runner-reads deleted', 'possible'],
  );
  assert.deepEqual(look().finding.setOffBy?.because, ['it gives rights to serviceaccount/runner']);

  const unfit = openWorkshop('v1.36/d-unschedulable', 'too-much-cpu');
  const node = unfit.has('Node', 'node-2', { spec: {} });
  unfit.change(node, { spec: { taints: [{ key: 'team', value: 'x', effect: 'NoSchedule' }] } }, 5 * SECOND);
  assert.equal(unfit.look().finding.setOffBy?.says, 'node/node-2: taint team=x:NoSchedule added');
});

test('openStories finds a NetworkPolicy by the labels of the Pod, and not one that selects others (objects by hand)', () => {
  const workshop = openWorkshop('v1.36/c-crashloop', 'crasher');
  podOf(workshop, {}, { app: 'crasher' });
  const select = (labels: RawObject) => ({ spec: { podSelector: { matchLabels: labels } } });
  const others = workshop.has('NetworkPolicy', 'others', select({ app: 'other' }));
  workshop.change(others, { spec: { podSelector: { matchLabels: { app: 'other' } }, egress: [] } }, SECOND);
  assert.equal(workshop.look().finding.setOffBy, undefined);
  const own = workshop.has('NetworkPolicy', 'own', select({ app: 'crasher' }));
  workshop.change(own, { spec: { podSelector: { matchLabels: { app: 'crasher' } }, egress: [] } }, SECOND);
  const { setOffBy } = workshop.look().finding;
  assert.equal(setOffBy?.object.name, 'own');
  assert.match(setOffBy?.because.join() ?? '', /^it selects pod\/crasher-/);
});

test('openStories begins a rollout with the HelmRelease that applied it, where that was changed right before (the HelmRelease by hand)', () => {
  const scenario = 'v1.36/a-healthy-rollout';
  const stories = openStories();
  for (const record of readScenario(scenario)) stories.addEvent(record);
  const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
  for (const change of changes) stories.addChange(change);
  const isRoot = (says: string) => (story: Story) => story.root?.says.includes(says) === true;
  const before = stories.tell().find(isRoot('6.0.1'));
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  assert.ok(before !== undefined && deployment !== undefined && before.root !== undefined);
  const { cluster, namespace } = deployment;
  stories.addObject({
    ...deployment,
    uses: [{ as: 'applied-by', kind: 'HelmRelease', name: 'shop', namespace: 'flux-system' }],
  });
  stories.addChange({
    type: 'spec-changed',
    object: {
      cluster,
      apiVersion: '',
      kind: 'HelmRelease',
      namespace: 'flux-system',
      name: 'shop',
      uid: 'h1',
    },
    at: before.root.at - 3 * SECOND,
    resourceVersion: '5',
    manager: 'kustomize-controller',
    fields: [{ field: 'chart.spec.version', container: '', from: '', to: '' }],
  });
  const after = stories.tell().find(isRoot('6.0.1'));
  assert.equal(namespace, before.object.namespace);
  assert.equal(after?.id, before.id);
  assert.deepEqual(after === undefined ? [] : stepsOf(after), [
    'helmrelease/shop: chart.spec.version; likely set off what follows by kustomize-controller',
  ]);
});

test('openStories tells the same of what is referred to whatever comes first (the ConfigMap by hand)', () => {
  const build = (order: readonly number[], ask: boolean): readonly Story[] => {
    const workshop = openWorkshop('v1.36/c-crashloop', 'crasher');
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data: {} };
    const parts = [
      () => podOf(workshop, { containers: [{ name: 'c', envFrom: [{ configMapRef: { name: 'shop' } }] }] }),
      () => void workshop.has('ConfigMap', 'shop', { data: {} }),
      () => {
        const metadata = {
          name: 'shop',
          namespace: 'crashloop',
          uid: 'ConfigMap-shop',
          resourceVersion: '1',
        };
        workshop.change({ ...config, metadata }, { data: { a: 'b' } }, 4 * SECOND);
      },
    ];
    for (const index of order) {
      parts[index]?.();
      if (ask) workshop.stories.tell();
    }
    return workshop.stories.tell();
  };
  const wanted = build([0, 1, 2], false);
  assert.ok(wanted.some((story) => stepsOf(story).length > 0));
  for (const order of [
    [2, 1, 0],
    [1, 0, 2],
    [0, 2, 1],
  ])
    for (const ask of [false, true]) assert.deepEqual(build(order, ask), wanted, order.join());
});

test('openStories tells what made a failure well again: the ConfigMap that was missing was made (its making by hand)', () => {
  const stories = openStories();
  for (const record of readScenario('v1.36/f-failed-mount')) stories.addEvent(record);
  const asOf = parseTime('2026-11-23T15:42:30Z') ?? 0;
  const of = () => {
    const told = stories.tell(asOf);
    const healed = diagnose(told, asOf).healed.find(({ object }) => object.name === 'missing-configmap');
    const story = told.find(({ id }) => id === healed?.stories[0]);
    assert.ok(healed !== undefined && story !== undefined);
    return { healed, story };
  };
  const { healed } = of();
  assert.equal(healed.mendedBy, undefined);
  const { cluster, namespace } = healed.object;
  const made = (name: string, at: number) =>
    stories.addChange({
      type: 'created',
      object: { cluster, apiVersion: 'v1', kind: 'ConfigMap', namespace, name, uid: `${name}${at}` },
      at,
      resourceVersion: '9',
      manager: 'kubectl-create',
      fields: [],
    });
  made('another-config', (healed.healedAt ?? 0) - 2 * SECOND);
  made('app-config', healed.since - 60 * SECOND);
  assert.equal(of().healed.mendedBy, undefined, 'another name, and before it was missed');
  made('app-config', (healed.healedAt ?? 0) - SECOND);
  const after = of();
  assert.deepEqual(
    [after.healed.mendedBy?.says, after.healed.mendedBy?.by, after.healed.id],
    ['configmap/app-config created', 'kubectl-create', healed.id],
  );
  assert.deepEqual(stepsOf(after.story), [
    'configmap/app-config created; that was what was missing by kubectl-create',
  ]);
});
