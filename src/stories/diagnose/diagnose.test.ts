import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../test/read-objects.ts';
import { cutAt, readRecord, readScenario } from '../../../test/read-record.ts';
import { readRecording } from '../../../test/read-recording.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { mergeSighting } from '../../events/merge-records.ts';
import { parseEvent } from '../../events/parse-event.ts';
import { parseTime } from '../../lib/rfc3339.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import { openStories, type Stories } from '../open-stories.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis, Finding } from './finding.ts';

function addAll(records: readonly RecordedEvent[], scenario = '', until = Number.POSITIVE_INFINITY): Stories {
  const stories = openStories();
  for (const record of records) stories.addEvent(record);
  const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
  for (const object of objects)
    if ((object.createdAt ?? 0) <= until) stories.addObject({ ...object, deletedAt: undefined });
  for (const change of changes) if (change.at <= until) stories.addChange(change);
  return stories;
}

/** What is wrong at a time, as far as was known by then. */
function diagnoseAt(scenario: string, clock: string, withObjects = true): Diagnosis {
  const until = parseTime(`2026-11-23T${clock}Z`) ?? 0;
  const stories = addAll(cutAt(readScenario(scenario), until), withObjects ? scenario : '', until);
  return diagnose(stories.tell(until), until);
}

function diagnoseRecords(records: readonly RecordedEvent[]): Diagnosis {
  const stories = addAll(records);
  return diagnose(stories.tell(), stories.latest());
}

function theOnly(diagnosis: Diagnosis): Finding {
  assert.equal(
    diagnosis.findings.length,
    1,
    diagnosis.findings.map((finding) => finding.says).join('\n') || 'nothing found',
  );
  return diagnosis.findings[0] as Finding;
}

test('diagnose names the image, what the registry answered, what set it off and how to take it back when an image is bad', () => {
  const finding = theOnly(diagnoseAt('v1.36/b-bad-image', '15:50:00'));
  assert.equal(finding.failure, 'image-pull');
  assert.equal(finding.subject, 'example');
  assert.match(finding.says, /image "example" can't be pulled/);
  assert.match(finding.firstError, /pull access denied, repository does not exist/);
  assert.equal(finding.setOffBy?.by, 'kubectl-set');
  assert.equal(finding.setOffBy?.says, 'image ghcr.io/stefanprodan/podinfo:6.0.0 → example');
  assert.equal(finding.next, 'kubectl -n bad-image rollout undo deployment/podinfo');
  assert.match(finding.evidence.join('; '), /\d+ × BackOff, 5 × Failed on pod\/podinfo-5c5dff7b9b-hb7pm/);
  assert.match(finding.evidence.join('; '), /2 Pods of podinfo-57f897f5f8 keep running/);
});

test('diagnose says nothing is wrong when the image was mended, and by which rollout it was', () => {
  for (const withObjects of [true, false]) {
    const { findings, healed } = diagnoseAt('v1.36/b-bad-image', '15:54:00', withObjects);
    assert.deepEqual(findings, []);
    const image = healed.find(({ failure }) => failure === 'image-pull');
    assert.equal(image?.subject, 'example');
    assert.ok((image?.healedAt ?? 0) > (image?.lastAt ?? 0));
    assert.equal(
      image?.mendedBy?.says,
      withObjects ? 'image example → ghcr.io/stefanprodan/podinfo:6.0.1' : undefined,
    );
  }
});

test('diagnose says of nothing that it was mended when its Deployment is gone', () => {
  const diagnosis = diagnoseAt('v1.36/j-rollout-undo', '15:45:00');
  assert.deepEqual(diagnosis, { ...diagnosis, findings: [], healed: [] });
});

test('diagnose makes one finding of it when forty Pods lack the same image', () => {
  const records = readScenario('v1.20/b-bad-image');
  const of = (record: RecordedEvent) => record.event.involvedObject;
  const pod = records.find(({ event }) => event.reason === 'Failed')?.event.involvedObject;
  assert.ok(pod !== undefined);
  const ofPod = cutAt(
    records.filter((record) => of(record).uid === pod.uid),
    parseTime('2026-11-23T15:35:00Z') ?? 0,
  );
  const forty = Array.from({ length: 40 }, (_, index) =>
    ofPod.map(({ event, ...record }) => {
      const involvedObject = {
        ...event.involvedObject,
        name: `lacking-${index}`,
        uid: `${pod.uid}-${index}`,
      };
      const uid = `${event.uid}-${index}`;
      return { ...record, event: { ...event, uid, name: `${event.name}-${index}`, involvedObject } };
    }),
  ).flat();
  const finding = theOnly(diagnoseRecords(forty));
  assert.equal(finding.subject, 'example');
  assert.equal(finding.affected.length, 40);
  assert.match(finding.says, /\(40 workloads\)$/);
});

test('diagnose finds the quota and the service account, not the missing Pods, when these keep Pods from being made', () => {
  const { findings } = diagnoseRecords(readRecord('v1.20/x-expiry/watch.jsonl'));
  const said = findings.map(({ failure, subject, object, next }) => [failure, subject, object.name, next]);
  assert.deepEqual(said, [
    ['unschedulable', 'no nodes', 'web', 'kubectl get nodes'],
    ['quota-exceeded', 'ResourceQuota/none', 'web', 'kubectl -n q describe resourcequota none'],
    ['service-account-missing', 'ServiceAccount/nope', 'bad', 'kubectl -n q get serviceaccounts'],
  ]);
  const quota = findings[1] as Finding;
  assert.equal(quota.count, 17);
  assert.equal(quota.lastError, '', 'the same error with another random name is not another error');
});

test('diagnose finds the Node, not its Pods, when a Node does not report', () => {
  const finding = theOnly(diagnoseAt('v1.36/n-node-notready', '16:08:30'));
  assert.equal(finding.failure, 'node-not-ready');
  assert.equal(finding.object.name, 'node-1');
  assert.equal(finding.next, 'kubectl describe node node-1');
  assert.match(finding.evidence.join('; '), /explains: /);
});

test('diagnose tells of a CronJob once, with how many runs failed in a row', () => {
  const { findings } = diagnoseAt('v1.20/g-jobs', '15:43:21', false);
  const ofCronJobs = findings.filter(({ object }) => object.kind === 'CronJob');
  assert.equal(ofCronJobs.length, 1);
  assert.equal(ofCronJobs[0]?.object.name, 'always-fails');
  assert.match(ofCronJobs[0]?.evidence.join('; ') ?? '', /the last 14 runs failed/);
});

test('diagnose tells of a CronJob no more once that was deleted with its Jobs (their deletion by hand)', () => {
  const until = parseTime('2026-11-23T15:43:21Z') ?? 0;
  const stories = addAll(cutAt(readScenario('v1.20/g-jobs'), until));
  const ofCronJobs = () =>
    diagnose(stories.tell(until), until).findings.filter(({ object }) => object.kind === 'CronJob');
  const [failing] = ofCronJobs();
  assert.ok(failing !== undefined);
  const remove = (object: ObjectId) =>
    stories.addChange({ type: 'deleted', object, at: until, resourceVersion: '' });
  failing.affected.filter(({ kind }) => kind === 'Job').forEach(remove);
  assert.equal(ofCronJobs().length, 1, 'Jobs are cleaned up while their CronJob makes others');
  remove(failing.object);
  assert.deepEqual(ofCronJobs(), []);
});

test('diagnose explains crash loops by exit codes and hooks when these are known', () => {
  const { findings } = diagnoseAt('v1.36/c-crashloop', '15:45:00');
  const says = new Map(findings.map(({ object, says }) => [object.name, says]));
  assert.match(says.get('crasher') ?? '', /keeps crashing \(exit code 2\)/);
  assert.match(says.get('exits-zero') ?? '', /keeps ending \(exit code 0\) although it should go on/);
  assert.match(says.get('poststart-fails') ?? '', /postStart hook fails/);
  assert.match(says.get('no-such-command') ?? '', /no such file or directory/);
  assert.equal(findings.length, 7, 'each is told once');
});

test('diagnose says which condition failed on how many Nodes when Pods find no Node', () => {
  const { findings } = diagnoseAt('v1.20/d-unschedulable', '15:33:00');
  const says = new Map(findings.map(({ object, says }) => [object.name, says]));
  assert.equal(says.get('too-much-cpu'), 'the only Node does not fit: 1 Insufficient cpu');
  assert.equal(says.get('too-much-memory'), 'the only Node does not fit: 1 Insufficient memory');
  assert.equal(says.get('unbound-pvc'), 'PersistentVolumeClaim "no-such-claim" is not there');
});

test('diagnose lets a Pod that waits for its claim be a symptom of the claim', () => {
  const { findings } = diagnoseAt('v1.36/h-statefulset', '15:40:00');
  const said = findings.map(({ object, subject, says }) => [object.name, subject, says]);
  assert.deepEqual(said, [
    ['cache', 'StorageClass/fast', 'StorageClass "fast" is not there (claim data-cache-0)'],
    [
      'db',
      'PersistentVolumeClaim/data-db-0',
      'claim data-db-0 gets no volume: no persistent volumes available for this claim and no storage class is set',
    ],
  ]);
});

test('diagnose keeps the ids of its findings when time goes on and when objects become known', () => {
  for (const [scenario, early, late] of [
    ['v1.36/b-bad-image', '15:36:00', '15:50:00'],
    ['v1.20/f-failed-mount', '15:31:00', '15:36:00'],
    ['v1.36/h-statefulset', '15:36:00', '15:43:00'],
  ] as const) {
    const idsAt = (clock: string, withObjects: boolean) =>
      diagnoseAt(scenario, clock, withObjects)
        .findings.map(({ id }) => id)
        .sort();
    const wanted = idsAt(late, true);
    assert.notDeepEqual(wanted, []);
    for (const id of wanted)
      assert.ok(idsAt(early, true).includes(id), `${scenario}: ${id} is new at ${late}`);
    assert.deepEqual(idsAt(late, false), wanted, `${scenario}: ids from Events alone`);
  }
});

test('diagnose tells what was wrong lately and how long when it is well again', () => {
  const { findings, healed } = diagnoseAt('v1.36/f-failed-mount', '15:42:30');
  assert.ok(!findings.some(({ object }) => object.name === 'missing-configmap'));
  assert.deepEqual(
    healed.map(({ object, subject }) => [object.name, subject]),
    [['missing-configmap', 'ConfigMap/app-config']],
  );
  assert.ok((healed[0]?.healedAt ?? 0) - (healed[0]?.since ?? 0) > 8 * MINUTE);
});

test('diagnose says that what a workload uses was changed when that was shortly before', () => {
  const until = parseTime('2026-11-23T15:45:00Z') ?? 0;
  const scenario = 'v1.36/c-crashloop';
  const stories = addAll(cutAt(readScenario(scenario), until), scenario, until);
  const crashed = diagnose(stories.tell(until), until).findings.find(
    ({ object }) => object.name === 'missing-env-configmap',
  );
  assert.equal(crashed?.setOffBy?.how, 'root');
  const config = {
    ...crashed.object,
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: 'no-such-config',
    uid: 'c1',
  };
  stories.addChange({
    type: 'content-changed',
    object: config,
    at: crashed.since - SECOND / 2,
    resourceVersion: '7',
    manager: 'kubectl-edit',
    keys: ['MODE'],
  });
  const after = diagnose(stories.tell(until), until);
  const { setOffBy } = after.findings.find(({ id }) => id === crashed.id) ?? {};
  assert.deepEqual(
    [setOffBy?.how, setOffBy?.by, setOffBy?.says],
    ['used', 'kubectl-edit', 'configmap/no-such-config changed: MODE'],
  );
});

function readListed(path: string): RecordedEvent[] {
  const { items } = JSON.parse(readRecording(path)) as { items: Record<string, unknown>[] };
  return items.map((item) => {
    const event = parseEvent(item);
    return mergeSighting(undefined, 'c', { event, deleted: false, at: event.lastTimestamp ?? 0 });
  });
}

test('diagnose says in one finding why a Job did not end in time when there was no Node for its Pod', () => {
  const finding = theOnly(diagnoseRecords(readListed('starved-job/events.json')));
  assert.equal(finding.failure, 'deadline-exceeded');
  assert.equal(finding.object.name, 'report');
  assert.equal(finding.says, 'job was active longer than specified deadline: there is no Node');
  assert.equal(finding.next, 'kubectl get nodes');
  assert.match(finding.evidence.join('; '), /FailedScheduling on pod\/report-/);
});

test('diagnose explains a Pod that waits for a claim by that claim, and blames no rollout for metrics that cannot be read', () => {
  const stories = addAll(readListed('waiting/events.json'));
  const { findings } = diagnose(stories.tell(), stories.latest());
  assert.deepEqual(findings.map(({ failure, subject }) => [failure, subject]).sort(), [
    ['metrics-missing', ''],
    ['service-account-missing', 'ServiceAccount/ghost'],
    ['volume-unbound', 'StorageClass/fast'],
  ]);
  const claim = findings.find(({ failure }) => failure === 'volume-unbound');
  assert.equal(claim?.object.kind, 'PersistentVolumeClaim');
  assert.ok(claim?.affected.some(({ kind, name }) => kind === 'Pod' && name === 'db-0'));
  const web = stories.tell().find(({ object }) => object.kind === 'Deployment' && object.name === 'web');
  assert.equal(web?.outcome, 'in progress');
  assert.ok(web?.troubles.some(({ failure }) => failure === 'metrics-missing'));
});

test('diagnose names the Pod that another one was preempted for, and lets that explain why its replacement finds no Node', () => {
  const until = parseTime('2026-11-24T04:49:35Z') ?? 0;
  const scenario = 'preempted-and-drained';
  for (const withObjects of [true, false]) {
    const stories = addAll(cutAt(readScenario(scenario), until), withObjects ? scenario : '', until);
    const { findings } = diagnose(stories.tell(until), until);
    const preempted = findings.filter(({ object }) => object.name === 'web');
    assert.deepEqual(
      preempted.map(({ says, severity, next }) => [says, severity, next]),
      [['preempted by pod urgent-job on node node-a', 'error', 'kubectl -n shop describe pod/urgent-job']],
    );
    const [finding] = preempted;
    assert.match(finding?.firstError ?? '', /^Preempted by pod b725472e-/);
    assert.match(finding?.evidence.join('; ') ?? '', /explains: none of 2 Nodes fits/);
    assert.deepEqual(
      [finding?.setOffBy?.says, finding?.setOffBy?.confidence],
      withObjects ? ['pod/urgent-job created', 'sure'] : [undefined, undefined],
    );
  }
});

test('diagnose finds a drain behind a Pod that waits, and the drain itself is nothing wrong', () => {
  const until = parseTime('2026-11-24T04:49:35Z') ?? 0;
  const scenario = 'preempted-and-drained';
  const stories = addAll(cutAt(readScenario(scenario), until), scenario, until);
  const told = stories.tell(until);
  const ofDb = diagnose(told, until).findings.filter(({ object }) => object.name === 'db');
  assert.deepEqual(
    ofDb.map(({ failure, setOffBy }) => [failure, setOffBy?.says, setOffBy?.by]),
    [['unschedulable', 'node/node-b: unschedulable true', 'kubectl']],
  );
  const story = told.find(({ id }) => id === ofDb[0]?.stories[0]);
  assert.ok(
    story?.steps.some(({ says }) => says === 'node/node-b: unschedulable true; likely set off what follows'),
  );
});

test('diagnose says which Nodes there are now when there was none as the Pod began to wait', () => {
  const [first] = readListed('starved-job/events.json').filter(
    ({ event }) => event.reason === 'FailedScheduling',
  );
  assert.ok(first !== undefined);
  const message = '0/1 nodes are available: 1 Insufficient cpu, 1 Too many pods.';
  assert.ok(readListed('waiting/events.json').some(({ event }) => event.message === message));
  const at = (first.occurrences.at(-1)?.at ?? 0) + 2 * MINUTE;
  const later = {
    ...first.event,
    name: `${first.event.name}0`,
    firstTimestamp: at,
    lastTimestamp: at,
    message,
  };
  const [early, late] = [
    [first],
    [first, mergeSighting(undefined, 'c', { event: later, deleted: false, at })],
  ].map((records) => theOnly(diagnoseRecords(records)));
  assert.equal(early?.says, 'there is no Node');
  assert.equal(late?.says, 'the only Node does not fit: 1 Insufficient cpu, 1 Too many pods');
  assert.equal(late?.firstError, 'no nodes available to schedule pods');
  assert.equal(late?.id, early?.id);
});
