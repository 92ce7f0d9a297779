import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readRecord } from '../../../test/read-record.ts';
import { listScenarios } from '../../../test/read-recording.ts';
import { explainReason, findReason, REASONS } from './find-reason.ts';

/** From the distribution that one of the recordings was made with, not from Kubernetes. */
const FOREIGN = ['KubeAPIReadyz'];

function say(reason: string, message: string, kind = 'Pod', component = 'kubelet', type = 'Warning') {
  return {
    reason,
    message,
    type,
    involvedObject: { kind },
    source: { component, host: '' },
    reportingController: '',
  };
}

test('findReason knows every reason of every recording when both versions are read', () => {
  const recordings = [
    ...listScenarios().map((scenario) => `${scenario}/events-core-v1.jsonl`),
    'v1.20/x-expiry/watch.jsonl',
  ];
  const events = recordings.flatMap((path) => readRecord(path)).map((record) => record.event);
  const unknown = new Set(
    events.filter((event) => findReason(event) === undefined).map((event) => event.reason),
  );
  assert.deepEqual(
    [...unknown].filter((reason) => reason !== '' && !FOREIGN.includes(reason)),
    [],
  );
  assert.ok(new Set(events.map((event) => event.reason)).size > 40);
});

interface Source {
  readonly module: string;
  readonly version: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/**
 * The reasons that the source of Kubernetes names, file by file: its `events` packages and what its components hand to their recorders, also by way of
 * a variable or as the answer of an admission. What a cloud's, a driver's or an add-on's code sends is not among them.
 */
const { sources }: { readonly sources: readonly Source[] } = JSON.parse(
  readFileSync(new URL('kubernetes-reasons.json', import.meta.url), 'utf8'),
);

/** Of versions before and between those. */
const FORMER = ['FailedDetachVolume', 'FailedPlacement', 'RecreatingTerminatedPod', 'TerminatingEvictedPod'];

test('REASONS explains every reason that the source of Kubernetes names', () => {
  const known = new Set(REASONS.map(({ reason }) => reason));
  const unknown = sources.flatMap(({ module, version, files }) =>
    Object.entries(files).flatMap(([file, reasons]) =>
      reasons
        .filter((reason) => !known.has(reason))
        .map((reason) => `${reason}: ${module}@${version}/${file}`),
    ),
  );
  assert.deepEqual(unknown, []);
  assert.deepEqual(
    FORMER.filter((reason) => !known.has(reason)),
    [],
  );
  const named = new Set(sources.flatMap(({ files }) => Object.values(files).flat()));
  assert.ok(named.size >= 250, String(named.size));
});

test('REASONS has no entry that another hides', () => {
  for (const [index, entry] of REASONS.entries()) {
    const hidden = REASONS.slice(0, index).find(
      (other) =>
        other.reason === entry.reason &&
        other.when === undefined &&
        (other.kinds === undefined || (entry.kinds?.every((kind) => other.kinds?.includes(kind)) ?? false)) &&
        (other.from === undefined || (entry.from?.every((from) => other.from?.includes(from)) ?? false)),
    );
    assert.equal(hidden, undefined, `${entry.reason}: "${entry.means}" is hidden by "${hidden?.means}"`);
  }
});

test('REASONS says in a sentence what each means, and names the failure of what fails', () => {
  for (const entry of REASONS) {
    assert.match(entry.means, /^\S.*[.]$/, entry.reason);
    assert.equal(entry.does === 'fails', entry.failure !== undefined, entry.reason);
    assert.ok(entry.does === undefined || entry.topic !== undefined, entry.reason);
    assert.doesNotMatch(
      (entry.next ?? '').replace(/\{(namespace|name|kind|container|host)\}/g, ''),
      /[{}]/,
      entry.reason,
    );
  }
});

test('findReason tells the meanings of one reason apart when its messages do', () => {
  assert.equal(findReason(say('BackOff', 'Back-off pulling image "example"'))?.failure, 'image-pull');
  assert.equal(findReason(say('BackOff', 'Back-off restarting failed container'))?.failure, 'crash-loop');
  assert.equal(
    findReason(say('Failed', 'Error: configmap "no-such-config" not found'))?.failure,
    'config-missing',
  );
  assert.equal(
    findReason(say('Failed', "Error: couldn't find key no-such-key in ConfigMap shop/config"))?.failure,
    'config-missing',
  );
  assert.equal(findReason(say('Failed', 'Error: ErrImagePull'))?.echo, true);
  assert.equal(
    findReason(say('Failed', 'BadKey%!(EXTRA string=PodCertificateRequest shop/x failed, reason="BadKey")'))
      ?.failure,
    'certificate-failed',
  );
  assert.equal(
    findReason(say('NodeNotReady', 'Node is not ready', 'Pod', 'node-controller'))?.severity,
    'warning',
  );
  assert.equal(
    findReason(say('NodeNotReady', 'Node node-1 status is now: NodeNotReady', 'Node', 'node-controller'))
      ?.severity,
    'error',
  );
});

test('explainReason goes by words and type when a reason is unknown', () => {
  const failed = explainReason(say('FrobFailed', 'no', 'Frob', 'frob-controller'));
  const done = explainReason(say('FrobSucceeded', 'yes', 'Frob', 'frob-controller', 'Normal'));
  assert.deepEqual([failed.does, failed.severity, failed.over], ['fails', 'warning', 'quiet']);
  assert.deepEqual([done.does, done.topic], ['ends', failed.topic]);
  assert.equal(explainReason(say('SuccessfulFrob', '', 'Frob', '', 'Normal')).topic, failed.topic);
  assert.equal(explainReason(say('Frobbing', '', 'Frob', '', 'Normal')).does, 'begins');
  assert.equal(explainReason(say('Noted', '', 'Frob', '', 'Normal')).does, undefined);
  assert.equal(explainReason(say('Noted', '', 'Frob', '')).does, 'fails');
  assert.equal(explainReason(say('NotAllowed', '', 'Frob', '', 'Error')).severity, 'info');
});
