import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import { readScenario } from '../../test/read-record.ts';
import { listScenarios } from '../../test/read-recording.ts';
import type { RecordedEvent } from '../events/event.ts';
import { makeRecord } from '../events/merge-records.ts';
import type { KubernetesObject, ObjectId } from '../objects/object.ts';
import { type OwnedObject, type Ownership, openOwnership } from './find-owned.ts';

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'];

function learn(records: readonly RecordedEvent[], objects: readonly KubernetesObject[] = []): Ownership {
  const ownership = openOwnership();
  records.forEach(ownership.addEvent);
  objects.forEach(ownership.addObject);
  return ownership;
}

function isNamed(kind: string, name: string): (id: ObjectId) => boolean {
  return (id) => id.kind === kind && id.name === name;
}

/** `Deployment/web>ReplicaSet/web-1>Pod/web-1-a`, a line for each. */
function listPaths(tree: OwnedObject, above = ''): string[] {
  const path = `${above}${tree.id.kind}/${tree.id.name}`;
  return [path, ...tree.owned.flatMap((each) => listPaths(each, `${path}>`))];
}

describe('openOwnership', () => {
  for (const scenario of listScenarios())
    test(`finds the same from Events alone as with the objects of ${scenario}`, () => {
      const records = readScenario(scenario);
      const { objects } = readObjects(`${scenario}/objects.jsonl`, records[0]?.cluster);
      const heardOf = new Set(
        records.map(({ event: { involvedObject } }) => `${involvedObject.kind}/${involvedObject.name}`),
      );
      const [told, known] = [learn(records), learn(records, objects)];
      for (const { kind, name } of objects.filter((object) => WORKLOADS.includes(object.kind))) {
        const paths = (ownership: Ownership) =>
          ownership
            .find(isNamed(kind, name))
            .flatMap((tree) => listPaths(tree))
            .filter((path) => heardOf.has(path.slice(path.lastIndexOf('>') + 1)));
        assert.deepEqual(paths(told), paths(known));
      }
    });

  const mixed = readScenario('v1.36/z-mixed-all-namespaces');

  test('finds what a CronJob owns through its Jobs', () => {
    const [tree] = learn(mixed).find(isNamed('CronJob', 'report'));
    assert.ok(tree !== undefined);
    const paths = listPaths(tree);
    assert.equal(paths[0], 'CronJob/report');
    assert.match(paths[1] ?? '', /^CronJob\/report>Job\/report-\d+$/);
    assert.match(paths[2] ?? '', /^CronJob\/report>Job\/report-\d+>Pod\/report-\d+-\w{5}$/);
  });

  test('finds Pods of a ReplicaSet of which nothing is known any more', () => {
    const pods = mixed.filter(({ event: { involvedObject } }) => involvedObject.kind === 'Pod');
    const [tree] = learn(pods).find(isNamed('Deployment', 'podinfo'));
    assert.ok(tree !== undefined);
    assert.deepEqual(
      tree.owned.map(({ id, ownedBy, owned }) => [id.name, ownedBy, owned.length]),
      [
        ['podinfo-57f897f5f8', 'name', 2],
        ['podinfo-5c5dff7b9b', 'name', 1],
      ],
    );
  });

  test('says the same whatever came first', () => {
    const forth = learn(mixed).find(isNamed('Deployment', 'cart'));
    assert.deepEqual(learn([...mixed].reverse()).find(isNamed('Deployment', 'cart')), forth);
  });

  test('finds what a cluster-scoped owner owns in namespaces, as one', () => {
    const { objects } = readObjects('v1.36/z-mixed-all-namespaces/objects.jsonl');
    const deployment = objects.find(({ kind, name }) => kind === 'Deployment' && name === 'cart');
    const ledger = objects.find(({ kind, name }) => kind === 'Deployment' && name === 'ledger');
    assert.ok(deployment !== undefined && ledger !== undefined);
    const app = { apiVersion: 'example.org/v1', kind: 'Application', name: 'all', uid: 'a' };
    const owners = [{ ...app, controller: true }];
    const ownership = learn(
      [],
      [
        { ...deployment, ...app, namespace: '', owners: [] },
        { ...deployment, owners },
        { ...ledger, owners },
      ],
    );
    assert.deepEqual(
      ownership.find(isNamed('Application', 'all')).map((tree) => listPaths(tree)),
      [['Application/all', 'Application/all>Deployment/ledger', 'Application/all>Deployment/cart']],
    );
    const id = { ...ledger, namespace: 'payments' };
    assert.ok(ownership.isUnder(id, isNamed('Application', 'all')));
    assert.ok(!ownership.isUnder(id, isNamed('Application', 'other')));
  });

  test('takes an object at its word where a message or a name says another', () => {
    const pod = mixed.find(({ event: { involvedObject } }) =>
      involvedObject.name.startsWith('cart-dd576558c-'),
    );
    const { objects } = readObjects('v1.36/z-mixed-all-namespaces/objects.jsonl', pod?.cluster);
    const known = objects.find(({ kind, name }) => kind === 'Pod' && name === pod?.event.involvedObject.name);
    assert.ok(pod !== undefined && known !== undefined);
    const adopted = {
      ...known,
      owners: [{ apiVersion: 'v1', kind: 'Gang', name: 'g', uid: 'g', controller: true }],
    };
    const ownership = learn([makeRecord(pod.cluster, pod.event)], [adopted]);
    assert.ok(ownership.isUnder(known, isNamed('Gang', 'g')));
    assert.ok(!ownership.isUnder(known, isNamed('Deployment', 'cart')));
  });
});
