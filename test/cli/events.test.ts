import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { load } from 'js-yaml';
import type { RecordedEvent } from '../../src/events/event.ts';
import { getEventsTable } from '../../src/events/tables/get-events-table.ts';
import { formatMicroTime } from '../../src/lib/rfc3339.ts';
import { findNow, readKubectlOutputs, readSnapshot } from '../kubectl-golden.ts';
import { readRecording, recordingPath } from '../read-recording.ts';
import { makeFolder, PROGRAM, readAll, runHark, startHark, waitForEnd } from './start-hark.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');
const NOW = '2026-11-23T16:30:00Z';

interface WireEvent {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly source: { readonly component?: string };
  readonly reportingComponent: string;
  readonly lastTimestamp: string | null;
  readonly eventTime: string | null;
}

/** The Events that `hark events -o json` prints of the demo recording, with some flags. */
async function list(...args: string[]): Promise<WireEvent[]> {
  const { stdout } = await runHark(['events', '--from', DEMO, '--now', NOW, '-o', 'json', ...args]);
  return JSON.parse(stdout).items;
}

describe('hark events', { concurrency: 2 }, () => {
  for (const scenario of ['v1.20/b-bad-image', 'v1.36/b-bad-image', 'v1.36/c-crashloop']) {
    test(`prints with -o wide what kubectl printed of ${scenario}, in time order`, async () => {
      const output = readKubectlOutputs(/^kubectl-get-events-wide$/).find(
        (one) => one.scenario === scenario && one.suffix === '',
      );
      assert.ok(output !== undefined);
      const wanted = output.lines.filter((line) => line !== '');
      const records = readSnapshot(scenario, '');
      const row = (record: RecordedEvent, now: number) =>
        getEventsTable([record], { now, wide: true }).rows[0]?.join('  ') ?? '';
      const now = formatMicroTime(findNow(records, wanted, row));
      const namespace = records[0]?.event.namespace ?? '';
      const from = recordingPath(`${scenario}/events-core-v1.json`);
      const [wide, names] = await Promise.all(
        ['wide', 'name'].map((form) =>
          runHark(['events', '--from', from, '-n', namespace, '-o', form, '--now', now]),
        ),
      );
      const printed = wide?.stdout.trimEnd().split('\n') ?? [];
      assert.equal(printed[0], wanted[0]);
      assert.deepEqual(printed.toSorted(), wanted.toSorted());
      const lastSeen = new Map(
        records.map(({ event }) => [
          `event/${event.name}`,
          event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? 0,
        ]),
      );
      const times =
        names?.stdout
          .trimEnd()
          .split('\n')
          .map((name) => Math.floor((lastSeen.get(name) ?? Number.NaN) / 1e6)) ?? [];
      assert.equal(times.length, records.length);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    });
  }

  test('prints the same whether it reads a file, its gzip, its YAML, the other API group, or stdin', async () => {
    const folder = makeFolder();
    const json = readRecording('v1.36/b-bad-image/events-core-v1.json');
    const [file, yaml] = [join(folder, 'list'), join(folder, 'list.txt')];
    writeFileSync(file, json);
    const args = ['--now', NOW, '-n', 'bad-image'];
    const printed = await runHark(['events', '--from', file, '-o', 'yaml']);
    writeFileSync(yaml, printed.stdout);
    const other = recordingPath('v1.36/b-bad-image/events-events.k8s.io-v1.json');
    const outcomes = await Promise.all([
      runHark(['events', '--from', file, ...args]),
      runHark(['events', '--from', yaml, ...args]),
      runHark(['events', '--from', recordingPath('v1.36/b-bad-image/events-core-v1.json'), ...args]),
      runHark(['events', '--from', other, ...args]),
      runHark(['events', '--from', '-', ...args], { input: json }),
    ]);
    assert.equal(outcomes[0]?.stdout.split('\n').length, JSON.parse(json).items.length + 2);
    for (const { code, stdout, stderr } of outcomes) {
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.equal(stdout, outcomes[0]?.stdout);
    }
  });

  test('prints the Events that every given flag wants, and of a list any', async () => {
    const all = await list();
    const check = async (args: string[], wanted: (event: WireEvent) => boolean) => {
      const expected = all.filter(wanted).map(({ metadata }) => metadata.name);
      assert.ok(expected.length > 0 && expected.length < all.length, args.join(' '));
      assert.deepEqual(
        (await list(...args)).map(({ metadata }) => metadata.name),
        expected,
        args.join(' '),
      );
    };
    const seen = ({ lastTimestamp, eventTime }: WireEvent) => Date.parse(lastTimestamp ?? eventTime ?? '');
    await Promise.all([
      check(['-n', 'shop'], ({ metadata }) => metadata.namespace === 'shop'),
      check(['--type', 'warning'], ({ type }) => type === 'Warning'),
      check(['--reason', 'BackOff,Killing'], ({ reason }) => ['BackOff', 'Killing'].includes(reason)),
      check(['--reason', 'BackOff', '--reason', 'Killing'], ({ reason }) =>
        ['BackOff', 'Killing'].includes(reason),
      ),
      check(['--kind', 'po,deploy'], ({ involvedObject }) =>
        ['Pod', 'Deployment'].includes(involvedObject.kind),
      ),
      check(['--component', 'kubelet'], ({ source }) => source.component === 'kubelet'),
      check(
        ['--component', 'default-scheduler'],
        ({ reportingComponent }) => reportingComponent === 'default-scheduler',
      ),
      check(
        ['--for', 'deploy/cart', '--no-children'],
        ({ involvedObject: { kind, name } }) => kind === 'Deployment' && name === 'cart',
      ),
      check(
        ['--for', 'Deployment cart', '--no-children'],
        ({ involvedObject: { kind, name } }) => kind === 'Deployment' && name === 'cart',
      ),
      check(
        ['--for', 'deployments.apps/cart,deploy/api', '--no-children'],
        ({ involvedObject: { kind, name } }) => kind === 'Deployment' && ['cart', 'api'].includes(name),
      ),
      check(
        ['--for', 'deploy/cart'],
        ({ involvedObject: { kind, name } }) =>
          (kind === 'Deployment' && name === 'cart') || /^cart-[0-9a-z]+(-[0-9a-z]{5})?$/.test(name),
      ),
      check(
        ['--for', 'pod/cart-7f458477fb-77fjl'],
        ({ involvedObject: { name } }) => name === 'cart-7f458477fb-77fjl',
      ),
      check(
        ['--for', 'cj/report', '--since', '90s', '--type', 'Normal'],
        (event) =>
          event.metadata.namespace === 'batch-jobs' && seen(event) >= Date.parse('2026-11-23T16:28:30Z'),
      ),
      check(['--for', 'deploy/cart', '--limit', '3'], (event) =>
        all
          .filter(({ involvedObject: { name } }) => /^cart(-|$)/.test(name))
          .slice(-3)
          .includes(event),
      ),
      check(['--grep', '(?i)FAILED to (pull|restart)'], ({ message }) =>
        /failed to (pull|restart)/i.test(message),
      ),
      check(['--since', '2m'], (event) => seen(event) >= Date.parse('2026-11-23T16:28:00Z')),
      check(
        ['--type', 'Warning', '-n', 'shop', '--grep', 'Back-?[Oo]ff'],
        ({ type, metadata, message }) =>
          type === 'Warning' && metadata.namespace === 'shop' && /Back-?[Oo]ff/.test(message),
      ),
      check(['--limit', '7'], (event) => all.indexOf(event) >= all.length - 7),
    ]);
  });

  test('prints a List that a real kubectl accepts, as JSON and as YAML', {
    skip: spawnSync('kubectl', ['version', '--client']).status === 0 ? false : 'kubectl is not installed',
  }, async () => {
    const flags = ['events', '--from', DEMO, '-n', 'shop'];
    const [names, json, yaml] = await Promise.all(
      ['name', 'json', 'yaml'].map((form) => runHark([...flags, '-o', form])),
    );
    for (const text of [json?.stdout, yaml?.stdout]) {
      const kubectl = spawnSync('kubectl', ['label', '--local', '-f', '-', 'a=b', '-o', 'name'], {
        input: text,
        encoding: 'utf8',
      });
      assert.equal(kubectl.stderr, '');
      assert.equal(kubectl.stdout.trimEnd(), names?.stdout.trimEnd());
    }
    assert.deepEqual(JSON.parse(json?.stdout ?? ''), load(yaml?.stdout ?? ''));
  });

  test('says on stderr that there are none, where it looked, prints an empty answer and exits 1', async () => {
    const [table, json, csv, empty] = await Promise.all([
      runHark(['events', '--from', DEMO, '-n', 'nowhere']),
      runHark(['events', '--from', DEMO, '--reason', 'Nothing', '-o', 'json']),
      runHark(['events', '--from', DEMO, '--type', 'Warnings', '-o', 'csv']),
      runHark(['events', '--from', '-'], { input: '{"kind":"List","apiVersion":"v1","items":[]}' }),
    ]);
    for (const outcome of [table, json, csv, empty]) assert.equal(outcome?.code, 1);
    assert.equal(table?.stdout, '');
    assert.equal(table?.stderr, `No events found in nowhere namespace in ${DEMO}.\n`);
    assert.deepEqual(JSON.parse(json?.stdout ?? '').items, []);
    assert.equal(json?.stderr, `No events found in ${DEMO}.\n`);
    assert.match(csv?.stdout ?? '', /^cluster,namespace,.*\r\n$/);
    assert.equal(csv?.stderr, `No events found in ${DEMO}.\n"Warnings": did you mean Warning?\n`);
    const kind = await runHark(['events', '--from', DEMO, '--kind', 'deplyment', '--for', 'pdo/x']);
    assert.match(kind.stderr, /^"pdo": did you mean pod\?\n"deplyment": did you mean deployment\?\n$/m);
    assert.match(empty?.stderr ?? '', /^No events found in -\.$/m);
  });

  test('names the value, what is wanted and an example when a flag cannot be read, and exits 2', async () => {
    const cases: [string[], RegExp][] = [
      [
        ['--since', 'yesterday'],
        /^hark: --since "yesterday" is not a duration or a time\n {2}For example: --since 15m/,
      ],
      [
        ['--until', '2026-11-23T10:00:00'],
        /^hark: --until "2026-11-23T10:00:00" says no time zone.*\n {2}.*2026-11-23T10:00:00Z/,
      ],
      [['--since', '1h', '--until', '2h'], /^hark: --since "1h" is not before --until "2h"\n {2}For example/],
      [['--grep', '(oops'], /^hark: --grep "\(oops" is no regular expression: .+\n {2}For example/],
      [
        ['--limit', '0'],
        /^hark: --limit "0" is not a whole number of at least 1\n {2}For example: --limit 100\n/,
      ],
      [
        ['--for', 'web-0'],
        /^hark: --for "web-0" does not say which .*KIND\/NAME is wanted\n {2}For example: --for pod\/web-0\n/,
      ],
      [['--for', 'pod/'], /^hark: --for "pod\/" is not KIND\/NAME\n/],
      [
        ['-o', 'tabel'],
        /^hark: -o "tabel" is no output format of this command: it has table, wide, json, jsonl, yaml, csv, name\n {2}Did you mean -o table\?\n/,
      ],
      [['--reasons', 'x'], /^hark: hark events has no flag "--reasons"\n {2}Did you mean --reason\? /],
      [['shop'], /^hark: hark events: .*\n {2}How it is used: hark events --help\n/],
      [['--watch'], /^hark: cannot follow .*\n {2}.*hark replay/],
    ];
    await Promise.all(
      cases.map(async ([args, stderr]) => {
        const outcome = await runHark(['events', '--from', DEMO, ...args]);
        assert.match(outcome.stderr, stderr);
        assert.equal(outcome.code, 2, args.join(' '));
        assert.equal(outcome.stdout, '');
      }),
    );
  });

  test('says what is wrong with a file that cannot be read', async () => {
    const folder = makeFolder();
    const [noise, nothing] = [join(folder, 'noise'), join(folder, 'nothing')];
    writeFileSync(noise, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 255, 254]));
    mkdirSync(nothing);
    const [missing, unknown, empty] = await Promise.all(
      ['/no/such/file', noise, nothing].map((from) => runHark(['events', '--from', from])),
    );
    for (const outcome of [missing, unknown]) {
      assert.equal(outcome?.code, 2);
      assert.equal(outcome?.stdout, '');
    }
    assert.match(missing?.stderr ?? '', /^hark: .*"?\/no\/such\/file/);
    assert.match(unknown?.stderr ?? '', /^hark: .*noise/);
    assert.ok(
      (empty?.code ?? 0) > 0 && empty?.stdout === '' && empty.stderr.includes(nothing),
      JSON.stringify(empty),
    );
  });

  test('says how to go on when there is no cluster to ask, and exits 3', async () => {
    const { code, stdout, stderr } = await runHark(['events']);
    assert.equal(code, 3);
    assert.equal(stdout, '');
    assert.match(stderr, /^hark: .+\n {2}.+/);
  });

  test('ends quietly when the reader of its output goes away', async () => {
    const folder = makeFolder();
    const lines = gunzipSync(readFileSync(DEMO)).toString('utf8').trimEnd().split('\n');
    const many = Array.from({ length: 60 }, (_, copy) =>
      lines.map((line) => line.replaceAll('"name":"', `"name":"c${copy}-`)),
    ).flat();
    const file = join(folder, 'many.jsonl');
    writeFileSync(file, many.join('\n'));
    const child = startHark(['events', '--from', file, '-o', 'json']);
    const stderr = readAll(child.stderr);
    child.stdout.once('data', () => child.stdout.destroy());
    assert.deepEqual(await waitForEnd(child), { code: 0, signal: null });
    assert.equal(await stderr, '');
  });

  test('says that its output cannot be written when the disk is full', {
    skip: existsSync('/dev/full') ? false : 'this system has no /dev/full',
  }, () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'events', '--from', DEMO], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    assert.equal(status, 2);
    assert.match(stderr, /^hark: cannot write the output: ENOSPC: .*\n {2}Is the disk full/);
  });

  test('colours Warnings when asked to, and not in a pipe by itself', async () => {
    const flags = ['events', '--from', DEMO, '--type', 'Warning'];
    const [plain, forced, off, dumb] = await Promise.all([
      runHark(flags),
      runHark(flags, { env: { FORCE_COLOR: '1' } }),
      runHark([...flags, '--no-color'], { env: { FORCE_COLOR: '1' } }),
      runHark(flags, { env: { FORCE_COLOR: '0' } }),
    ]);
    assert.match(forced?.stdout ?? '', /\[33mWarning/);
    for (const outcome of [plain, off, dumb])
      assert.ok(outcome?.stdout.includes('Warning') && !outcome.stdout.includes('\x1b'));
  });

  test('lets no escape sequence of a message, a name or a file name reach the terminal', async () => {
    const hostile = {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name: 'x\x1b[2J', namespace: 'default' },
      type: 'Warning',
      reason: '\x1b]0;owned\x07',
      message: '\x1b[31mred\x9b1m\r\nNormal Fine pod/x all is well',
      involvedObject: { kind: 'Pod', name: 'x\x1b[5m' },
      lastTimestamp: '2026-11-23T16:00:00Z',
    };
    const outcomes = await Promise.all(
      ['table', 'wide', 'json', 'jsonl', 'yaml', 'csv', 'name'].map((form) =>
        runHark(['events', '--from', '-', '-o', form], { input: JSON.stringify(hostile) }),
      ),
    );
    for (const { code, stdout } of outcomes) {
      assert.equal(code, 0);
      for (const control of ['\x1b', '\x9b', '\x07']) assert.ok(!stdout.includes(control), stdout);
    }
    assert.match(outcomes[0]?.stdout ?? '', /\^\[\[31mred\\u009b1m.*\\nNormal Fine/);
    const { stderr } = await runHark(['events', '--from', '/no/\x1b[31mfile']);
    assert.ok(!stderr.includes('\x1b'));
  });
});
