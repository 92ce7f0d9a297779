import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RecordedEvent } from '../../src/events/event.ts';
import { describeTable } from '../../src/events/tables/describe-table.ts';
import { formatMicroTime } from '../../src/lib/rfc3339.ts';
import { findNow, readDescribedObjects, readKubectlOutputs, readSnapshot } from '../kubectl-golden.ts';
import { readRecording, recordingPath } from '../read-recording.ts';
import { runHark } from './start-hark.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');
const BAD_IMAGE = recordingPath('v1.36/b-bad-image/events-core-v1.json');
const NOW = '2026-11-23T16:30:00Z';

/** What kubectl printed of the objects of a recorded scenario, with the moment at which it did. */
function readGolden(scenario: string, command: string) {
  const output = readKubectlOutputs(/^describe-/).find(
    (one) =>
      one.scenario === scenario &&
      one.command === command &&
      one.suffix === '' &&
      one.lines.some((line) => line.startsWith('Events:')),
  );
  assert.ok(output !== undefined);
  const records = readSnapshot(scenario, '');
  const objects = readDescribedObjects(output).map((object) => {
    const own = records.filter(({ event }) => event.involvedObject.name === object.name);
    const row = (record: RecordedEvent, now: number) =>
      describeTable([record], { now }).rows[0]?.join('  ') ?? '';
    return { ...object, now: formatMicroTime(findNow(own, object.lines, row)) };
  });
  return { from: recordingPath(`${scenario}/events-core-v1.json`), objects };
}

/** `pod/web-0 of StatefulSet/web`, for each block. */
function readHeads(stdout: string): string[] {
  const heads = [
    ...stdout.matchAll(/^Name: +(.+)\n(?:(?:Namespace|UID): .+\n)*(?:Controlled By: +(.+)\n)?/gm),
  ];
  return heads.map(([, name, owner]) => (owner === undefined ? `${name}` : `${name} of ${owner}`));
}

describe('hark describe', { concurrency: 2 }, () => {
  for (const [scenario, command, kind] of [
    ['v1.36/b-bad-image', 'describe-pods', 'pod'],
    ['v1.36/b-bad-image', 'describe-deployments', 'deploy'],
    ['v1.36/f-failed-mount', 'describe-pods', 'po'],
  ] as const) {
    test(`prints the bytes of kubectl ${command} of ${scenario}, rows in the order of time`, async () => {
      const { from, objects } = readGolden(scenario, command);
      assert.ok(objects.length > 0);
      for (const { name, namespace, lines, now } of objects.slice(0, 3)) {
        const { code, stdout, stderr } = await runHark([
          'describe',
          `${kind}/${name}`,
          '-n',
          namespace,
          '--from',
          from,
          '--now',
          now,
        ]);
        assert.equal(stderr, '');
        assert.equal(code, 0);
        const printed = stdout.trimEnd().split('\n');
        assert.deepEqual(printed.slice(0, 3), lines.slice(0, 3));
        assert.deepEqual(printed.toSorted(), lines.toSorted());
      }
    });
  }

  test('shows, the next day, the whole first error with how often it happened and over what time', async () => {
    const command = [
      'describe',
      'pod/podinfo-5c5dff7b9b-hb7pm',
      '--from',
      BAD_IMAGE,
      '--now',
      '2026-11-24T08:54:00Z',
    ];
    const { stdout } = await runHark(command);
    assert.match(
      stdout,
      /^ {2}Warning {2}Failed +17h \(x5 over 17h\) +kubelet +Failed to pull image "example": .*pull access denied, repository does not exist or may require authorization: .*insufficient_scope: authorization failed$/m,
    );
    assert.match(stdout, /^ {2}Normal {3}BackOff +17h \(x64 over 17h\) /m);
    const wide = await runHark([...command, '-o', 'wide']);
    assert.equal(wide.stdout.replaceAll('spec.containers{podinfo}: ', ''), stdout);
    assert.match(wide.stdout, / kubelet +spec\.containers\{podinfo\}: Failed to pull image/);
  });

  test('takes KIND/NAME and KIND NAME, and heads each object when there are several', async () => {
    const flags = ['--from', DEMO, '--now', NOW];
    const [slashed, spaced, one] = await Promise.all([
      runHark(['describe', 'deploy/cart', 'deployments.apps/api', ...flags]),
      runHark(['describe', 'Deployment', 'cart', 'api', ...flags]),
      runHark(['describe', 'deploy/cart', ...flags]),
    ]);
    assert.equal(slashed?.stdout, spaced?.stdout);
    assert.ok(one?.stdout.startsWith('Events:\n  Type '));
    const blocks = slashed?.stdout.split('\n\n') ?? [];
    assert.equal(blocks[0], `Name:       deployment/cart\nNamespace:  shop\n${one?.stdout.trimEnd()}`);
    assert.ok(blocks[1]?.startsWith('Name:       deployment/api\nNamespace:  payments\nEvents:\n'));
  });

  test('describes what begins with the name, saying so, when nothing has that name', async () => {
    const { code, stdout, stderr } = await runHark(['describe', 'pod', 'cart-7f', '--from', DEMO]);
    assert.equal(code, 0);
    assert.match(stdout, /^Name: +pod\/cart-7f\S+$/m);
    assert.equal(stderr, `No Events of pod/cart-7f in ${DEMO}; these are of what begins with that name.\n`);
  });

  test('prints kubectl’s <none>, says where it looked and exits 1 when there are no Events', async () => {
    const { code, stdout, stderr } = await runHark(['describe', 'pod/nobody', '-n', 'shop', '--from', DEMO]);
    assert.equal(code, 1);
    assert.equal(stdout, 'Events:  <none>\n');
    assert.equal(stderr, 'No Events of pod/nobody in shop namespace.\n');
  });

  test('takes all spellings of a Node for one, whatever its Events say its uid is', async () => {
    const from = recordingPath('v1.36/z-mixed-all-namespaces/events-core-v1.json');
    const { stdout, stderr } = await runHark(['describe', 'no/node-1', '--from', from]);
    assert.equal(stderr, '');
    assert.match(stdout, /^ {2}Normal +NodeNotReady +.* node-controller /m);
    assert.match(stdout, /^ {2}Normal +NodeReady +.* kubelet /m);
  });

  test('tells Events of an earlier object of the same name apart', async () => {
    const event = (uid: string, at: string) => ({
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name: `web-0.${uid}`, namespace: 'shop' },
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid },
      type: 'Normal',
      reason: 'Started',
      message: `of ${uid}`,
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    });
    const input = [event('old', '2026-11-23T15:00:00Z'), event('new', '2026-11-23T16:00:00Z')]
      .map((one) => JSON.stringify(one))
      .join('\n');
    const { code, stdout, stderr } = await runHark(['describe', 'pod/web-0', '--from', '-', '--now', NOW], {
      input,
    });
    assert.equal(code, 0);
    assert.ok(stdout.includes('of new') && !stdout.includes('of old'));
    assert.equal(
      stderr,
      '1 more Event is of an earlier pod/web-0 with another uid, last seen 90m ago: hark events --for pod/web-0\n',
    );
  });

  test('looks for what lives in no namespace everywhere, whatever -n says', async () => {
    const from = recordingPath('v1.36/z-mixed-all-namespaces/events-core-v1.json');
    const { stdout } = await runHark(['describe', 'no/node-1', 'deploy/cart', '-n', 'shop', '--from', from]);
    assert.match(stdout, /^ {2}Normal +NodeReady +.* kubelet /m);
    assert.match(stdout, /^Name: +deployment\/cart\nNamespace: +shop$/m);
  });

  describe('--tree', () => {
    test('tells what an object owns below it, each with its Events as describe tells them', async () => {
      const args = ['--from', DEMO, '--now', NOW];
      const { code, stdout, stderr } = await runHark(['describe', 'deploy/podinfo', '--tree', ...args]);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.deepEqual(readHeads(stdout), [
        'deployment/podinfo',
        'replicaset/podinfo-57f897f5f8 of Deployment/podinfo',
        'pod/podinfo-57f897f5f8-hnhz6 of ReplicaSet/podinfo-57f897f5f8',
        'pod/podinfo-57f897f5f8-pt8ts of ReplicaSet/podinfo-57f897f5f8',
        'replicaset/podinfo-5c5dff7b9b of Deployment/podinfo',
        'pod/podinfo-5c5dff7b9b-2dcz9 of ReplicaSet/podinfo-5c5dff7b9b',
      ]);
      const alone = await runHark(['describe', 'pod/podinfo-5c5dff7b9b-2dcz9', ...args]);
      assert.ok(stdout.endsWith(alone.stdout));
    });

    test('tells each incarnation by its uid when a name was used again', async () => {
      const from = recordingPath('v1.36/h-statefulset/events-core-v1.jsonl');
      const { stdout } = await runHark(['describe', 'sts/web', '--tree', '--from', from]);
      const uids = [
        ...stdout.matchAll(/^Name: +pod\/web-\d\n.+\nUID: +(\S+)\nControlled By: +StatefulSet\/web$/gm),
      ];
      assert.equal(uids.length, 8);
      assert.equal(new Set(uids.map(([, uid]) => uid)).size, 8);
    });

    test('takes in what objects say they own and counts what nothing was said of', async () => {
      const input = ['events-core-v1.jsonl', 'objects.jsonl']
        .map((name) => readRecording(`v1.36/g-jobs/${name}`))
        .join('');
      const { stdout } = await runHark(['describe', 'cj', 'heartbeat', '--tree', '--from', '-'], { input });
      assert.ok(readHeads(stdout).some((head) => /^job\/heartbeat-\d+ of CronJob\/heartbeat$/.test(head)));
      const objects = readRecording('v1.36/z-mixed-all-namespaces/objects.jsonl');
      const silent = await runHark(['describe', 'deploy/cart', '--tree', '--from', '-'], { input: objects });
      assert.equal(silent.code, 1);
      assert.equal(silent.stdout, 'Events:  <none>\n');
      assert.match(
        silent.stderr,
        /^Nothing was said of 6 more that deployment\/cart owns: replicaset\/cart-7f458477fb, pod\/.+, …\.$/m,
      );
    });
  });

  test('says what is wanted when it is not KIND/NAME, and exits 2', async () => {
    const cases: [string[], RegExp][] = [
      [
        [],
        /^hark: hark describe: missing required argument 'object'\n {2}How it is used: hark describe --help\n/,
      ],
      [
        ['pod'],
        /^hark: the object "pod" does not say which pod: KIND\/NAME is wanted\n {2}For example: pod\/NAME\n/,
      ],
      [['pod/a/b'], /^hark: the object "pod\/a\/b" is not KIND\/NAME\n/],
      [['pod/x', '-o', 'json'], /^hark: -o "json" is no output format of this command: it has text, wide\n/],
    ];
    for (const [args, wanted] of cases) {
      const { code, stderr } = await runHark(['describe', ...args, '--from', DEMO]);
      assert.match(stderr, wanted);
      assert.equal(code, 2);
    }
  });
});
