import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readRecordedWatch, readRecording, recordingPath } from '../read-recording.ts';
import { makeFolder, runHark } from './start-hark.ts';

const DEMO = ['--from', join(import.meta.dirname, '../../demo/cluster.jsonl.gz')];
const BAD_IMAGE = ['--from', recordingPath('v1.36/b-bad-image/events-core-v1.json')];

/** Lines that begin a story. */
function readHeads(stdout: string): string[] {
  return stdout.split('\n').filter((line) => /^[✓✗…↷?] /u.test(line));
}

describe('hark story', { concurrency: 2 }, () => {
  test('tells a rollout as one tree, from the Deployment down to the kubelet', async () => {
    const { code, stdout, stderr } = await runHark(['story', 'deploy/podinfo', '-n', 'shop', ...DEMO]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.deepEqual(
      readHeads(stdout).map((line) => line.replace(/ {3,}(kubectl-\S+ · )?[\d:.]+$/, '')),
      [
        '✓ deployment/podinfo   created, image ghcr.io/stefanprodan/podinfo:6.0.0',
        '✗ deployment/podinfo   image ghcr.io/stefanprodan/podinfo:6.0.0 → example',
      ],
    );
    assert.match(stdout, /^└─ 16:24:48\.344 {2}Scaled up replica set podinfo-57f897f5f8 from 0 to 2 +2\.9s/m);
    assert.match(stdout, /^ {3}├─ \+0\.02s {5}Created pod podinfo-57f897f5f8-hnhz6 /m);
    assert.match(stdout, /^ {3}│ {2}└─ \+2\.9s {3}Started container podinfo +kubelet node-1$/m);
    assert.match(stdout, /Back-off pulling image "example" +×15 over 3m55s [▁-█]{10} …/u);
  });

  test('tells of one Pod only what befell it and what that came from when a Pod is named', async () => {
    const { stdout } = await runHark(['story', 'pod/cart-7f458477fb-77fjl', ...DEMO]);
    assert.equal(readHeads(stdout).length, 2);
    assert.match(stdout, /Created pod cart-7f458477fb-77fjl/);
    assert.match(stdout, /Deleted pod cart-7f458477fb-77fjl/);
    assert.doesNotMatch(stdout, /cart-7f458477fb-m8zfq/);
  });

  test('tells the runs of a CronJob once when they went alike', async () => {
    const { stdout } = await runHark(['story', 'cronjob/report', ...DEMO]);
    assert.equal(readHeads(stdout).length, 1);
    assert.match(stdout, /^ {2}and 4 runs before it like this one, since 16:25:00$/m);
  });

  test('keeps to the width of 120 columns when it is no terminal', async () => {
    const { stdout } = await runHark(['story', '--limit', '50', ...DEMO]);
    const widest = Math.max(...stdout.split('\n').map((line) => line.length));
    assert.ok(widest <= 120, `${widest}`);
  });

  test('gives the same stories as JSON of a version that is named', async () => {
    const { stdout } = await runHark(['story', 'deploy/podinfo', '-n', 'shop', '-o', 'json', ...DEMO]);
    const list = JSON.parse(stdout);
    assert.equal(list.apiVersion, 'hark.story/v1');
    assert.deepEqual(
      list.items.map(({ outcome }: { outcome: string }) => outcome),
      ['succeeded', 'failed'],
    );
    assert.equal(list.items[0].from, '2026-11-23T16:24:48.321227Z');
    assert.equal(list.items[1].root.by, 'kubectl-set');
    assert.equal(list.items[0].steps[0].steps[0].reason, 'SuccessfulCreate');
  });

  test('writes a document when Markdown is wanted', async () => {
    const { stdout } = await runHark(['story', 'deploy/podinfo', '-o', 'markdown', ...BAD_IMAGE]);
    assert.match(stdout, /^### ✗ `deployment\/podinfo` in `bad-image`: rollout of podinfo-5c5dff7b9b$/m);
    assert.match(stdout, /^\| time \(UTC\) \| took \| what \| who \|$/m);
  });

  test('says so, and exits with 1, when nothing was said of the object', async () => {
    const { code, stdout, stderr } = await runHark(['story', 'deploymnt/podinfo', ...DEMO]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^Nothing was said of deploymnt\/podinfo in .+\. Did you mean deployment\/podinfo\?$/m,
    );
  });

  test('tells what begins with a name when there is no such name', async () => {
    const { code, stdout, stderr } = await runHark(['story', 'deploy/car', ...DEMO]);
    assert.equal(code, 0);
    assert.equal(readHeads(stdout).length, 2);
    assert.equal(stderr, 'Nothing was said of deploy/car; this is of what begins with that name.\n');
  });

  test('tells the latest, and says how many there are, when no object is named', async () => {
    const { stdout, stderr } = await runHark(['story', '--limit', '2', ...DEMO]);
    assert.equal(readHeads(stdout).length, 2);
    assert.equal(stderr, '');
    const jobs = ['--from', recordingPath('v1.36/g-jobs/events-core-v1.json'), '-n', 'jobs'];
    assert.match(
      (await runHark(['story', ...jobs])).stderr,
      /^The latest 20 of \d+ stories; --limit \d+ tells all\.$/m,
    );
  });

  test('leaves out what ended before --since or began after --until', async () => {
    const told = ['story', '-n', 'shop', '--now', '2026-11-23T16:30:00Z', ...DEMO];
    const since = await runHark([...told, '--since', '4m30s']);
    assert.deepEqual(
      readHeads(since.stdout).map((line) => line.slice(0, 20)),
      ['✗ deployment/podinfo', '✓ deployment/cart   '],
    );
    const until = await runHark([...told, '--until', '4m30s']);
    assert.deepEqual(readHeads(until.stdout).length, 2);
  });
});

describe('hark why', { concurrency: 2 }, () => {
  test('writes a document when Markdown is wanted', async () => {
    const { code, stdout } = await runHark(['why', '-o', 'markdown', ...DEMO]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^### ✗ `deployment\/\S+` in `\S+`: .+\n\n- since 2026-11-23 .+\n- set off by `kubectl-\S+`, .+\n- evidence: .+\n- next: `kubectl .+`\n\nFirst error, .+ UTC:\n\n```\n.+\n```$/m,
    );
    assert.equal(
      stdout.match(/^```$/gm)?.length ?? 0,
      2 * (stdout.match(/^(?:First|Last) error, /gm)?.length ?? 0),
    );
  });

  test('says what is wrong and exits with 1', async () => {
    const { code, stdout, stderr } = await runHark(['why', '-n', 'shop', ...DEMO]);
    assert.equal(stderr, '');
    assert.equal(code, 1);
    assert.match(stdout, /^✗ deployment\/podinfo: image "example" can't be pulled/);
    assert.match(stdout, /^ {2}first error +16:25:50 {2}Failed to pull image "example": pull access denied/m);
    assert.match(stdout, /^ {2}next +kubectl -n shop rollout undo deployment\/podinfo$/m);
  });

  test('says that nothing is wrong, and exits with 0, when the object is well', async () => {
    const { code, stdout } = await runHark(['why', 'deploy/cart', ...DEMO]);
    assert.equal(code, 0);
    assert.equal(stdout, '✓ nothing is wrong\n');
    const pod = await runHark(['why', 'pod/podinfo-57f897f5f8-hnhz6', ...DEMO]);
    assert.equal(pod.code, 0, 'another Pod of its Deployment is in trouble, it is not');
  });

  test('tells of each namespace and which when several are asked about', async () => {
    const { stdout } = await runHark(['why', ...DEMO]);
    const heads = stdout.split('\n').filter((line) => line.startsWith('✗'));
    assert.deepEqual(
      heads.map((line) => line.slice(2, line.indexOf(':'))),
      ['deployment/ledger -n payments', 'deployment/api -n payments', 'deployment/podinfo -n shop'],
    );
  });

  test('gives findings with ids as JSON of a version that is named', async () => {
    const { stdout } = await runHark(['why', '-n', 'shop', '-o', 'json', ...DEMO]);
    const diagnosis = JSON.parse(stdout);
    assert.equal(diagnosis.apiVersion, 'hark.why/v1');
    const [finding] = diagnosis.findings;
    assert.equal(finding.failure, 'image-pull');
    assert.equal(finding.subject, 'example');
    assert.match(finding.id, /^\w{8,}$/);
  });

  test('exits with 1 and says so when nothing was said of the object', async () => {
    const { code, stdout, stderr } = await runHark(['why', 'pod/none', ...DEMO]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^Nothing was said of pod\/none in /);
  });
});

describe('hark story and why of a file with objects', { concurrency: 2 }, () => {
  const folder = makeFolder();

  /** What `kubectl get -w` of Events and objects saved, in one file; `until`: before that time. */
  function saveWatch(scenario: string, until = '9'): string[] {
    const file = join(folder, `${scenario.replace('/', '-')}-${until.replaceAll(':', '')}.jsonl`);
    const lines = ['events-core-v1.jsonl', 'objects.jsonl']
      .flatMap((name) => readRecordedWatch(`${scenario}/${name}`))
      .filter(({ at }) => at < until)
      .map(({ at, type, object }) => `${JSON.stringify({ at, watch: { type, object } })}\n`);
    writeFileSync(file, lines.join(''));
    return ['--from', file];
  }

  test('story begins with the change that began it, and who made it', async () => {
    const { stdout, stderr } = await runHark([
      'story',
      'deploy/podinfo',
      ...saveWatch('v1.36/z-mixed-all-namespaces'),
    ]);
    assert.equal(stderr, '');
    assert.match(
      stdout,
      /^✗ deployment\/podinfo -n shop +image ghcr\.io\/stefanprodan\/podinfo:6\.0\.0 → example +kubectl-set · 16:25:49\.397$/m,
    );
  });

  test('why tells with which codes containers exited, which no Event does', async () => {
    const { code, stdout } = await runHark(['why', ...saveWatch('v1.36/c-crashloop', '2026-11-23T15:44:30')]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^✗ deployment\/crasher -n crashloop: container crasher keeps crashing \(exit code 2\) /m,
    );
    assert.match(stdout, /^ {2}first error +15:33:\d\d {2}Container crasher exited with code 2 \(Error\)$/m);
  });

  test('why tells what set a trouble off when somebody had changed something', async () => {
    const mixed = saveWatch('v1.36/z-mixed-all-namespaces', '2026-11-23T16:29:50');
    const { code, stdout } = await runHark(['why', 'deploy/podinfo', ...mixed]);
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}set off by +16:25:49 {2}kubectl-set: image .*6\.0\.0 → example$/m);
  });

  test('story tells who made an object, and which image came when, when a folder of dumps holds it', async () => {
    const dumped = join(folder, 'dump');
    mkdirSync(dumped, { recursive: true });
    const last = new Map<string, unknown>();
    for (const { object } of readRecordedWatch('v1.36/b-bad-image/objects.jsonl'))
      last.set((object as { metadata: { uid: string } }).metadata.uid, object);
    const list = { apiVersion: 'v1', kind: 'List', items: [...last.values()] };
    writeFileSync(join(dumped, 'objects.json'), JSON.stringify(list, null, 4));
    writeFileSync(join(dumped, 'events.json'), readRecording('v1.36/b-bad-image/events-core-v1.json'));
    const { stdout } = await runHark(['story', 'deploy/podinfo', '--from', dumped]);
    assert.match(
      stdout,
      /^✓ deployment\/podinfo -n bad-image +created.* kubectl-client-side-apply · 15:33:05(\.\d+)?$/m,
    );
    assert.match(stdout, /^✗ deployment\/podinfo -n bad-image +image \S+6\.0\.0 → example /m);
  });
});
