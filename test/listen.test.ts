import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WireEvent } from './api-server/event-storage.ts';
import { readRecordedEvents, readRecordedUpdates } from './api-server/read-recorded-events.ts';
import { startApiServer } from './api-server/start-api-server.ts';
import { runHark } from './cli/start-hark.ts';
import {
  readStore,
  type StoredRecord,
  startListening,
  storePath,
  untilStored,
  writeContexts,
} from './listen-harness.ts';

const ROLLOUT = 'v1.36/a-healthy-rollout';
const BAD_IMAGE = 'v1.36/b-bad-image';

/** The keys of the Events that must be there, each with its highest count. */
function truthOf(updates: readonly WireEvent[]): Map<string, number> {
  const truth = new Map<string, number>();
  for (const event of updates)
    truth.set(keyOf(event), Math.max(truth.get(keyOf(event)) ?? 0, countOf(event)));
  return truth;
}

function keyOf({ metadata }: WireEvent): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function countOf(event: WireEvent): number {
  const { series, count } = event as { series?: { count: number }; count?: number };
  return series?.count ?? count ?? 1;
}

function heldBy({ events }: StoredRecord): Map<string, number> {
  return new Map(
    events.map(({ event, points }) => [
      `${event.namespace}/${event.name}`,
      Math.max(...points.map((point) => point.count)),
    ]),
  );
}

function sorted(map: ReadonlyMap<string, number>): [string, number][] {
  return [...map].sort();
}

function holds(record: StoredRecord, truth: ReadonlyMap<string, number>): boolean {
  const held = heldBy(record);
  return [...truth].every(([key, count]) => (held.get(key) ?? 0) >= count);
}

describe('hark listen', { concurrency: 2 }, () => {
  test('stores what was there and what comes, repeats too, and exits 0 on Ctrl-C and on SIGTERM', async (t) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const server = await startApiServer({ events: readRecordedEvents(ROLLOUT) });
      t.after(() => server.stop());
      const file = storePath();
      const hark = startListening(['--kubeconfig', server.writeKubeconfig(), '--store', file]);
      await hark.says(/double: caught up, listening/);
      const updates = readRecordedUpdates(BAD_IMAGE);
      for (const event of updates) server.storage.write(event);
      const truth = truthOf([...readRecordedEvents(ROLLOUT), ...updates]);
      await untilStored(file, (record) => holds(record, truth));
      assert.deepEqual(await hark.end(signal), { code: 0, signal: null });
      assert.match(hark.stderr(), /stopped: heard [\d,]+: [\d,]+ new Events, \d+ repeats, no gaps\n$/);
      const record = await readStore(file);
      assert.deepEqual(sorted(heldBy(record)), sorted(truth));
      assert.deepEqual(
        record.coverage.map(({ open, namespace }) => ({ open, namespace })),
        [{ open: false, namespace: '' }],
      );
    }
  });

  test('keeps an Event that expires, and takes the one that comes again under its name for the same', async (t) => {
    const [first, second] = readRecordedUpdates(BAD_IMAGE).filter(
      (event) => (event as { reason?: string }).reason === 'BackOff',
    );
    assert.ok(first !== undefined && second !== undefined && keyOf(first) === keyOf(second));
    const server = await startApiServer({ events: [first] });
    t.after(() => server.stop());
    const file = storePath();
    const hark = startListening(['--kubeconfig', server.writeKubeconfig(), '--store', file]);
    await server.watching();
    server.storage.remove(first.metadata.namespace, first.metadata.name);
    await untilStored(file, ({ events }) => events.some(({ deletedAt }) => deletedAt !== undefined));
    server.storage.write({
      ...second,
      metadata: { ...second.metadata, uid: 'another' } as WireEvent['metadata'],
    });
    const { events } = await untilStored(file, (record) => holds(record, truthOf([first, second])));
    assert.equal(events.length, 1);
    assert.equal(events[0]?.points.length, 2);
    await hark.end('SIGINT');
  });

  test('goes on after a restart where it stopped, without a hole, while the server still knows the changes', async (t) => {
    const updates = readRecordedUpdates(BAD_IMAGE);
    const server = await startApiServer({ events: readRecordedEvents(ROLLOUT) });
    t.after(() => server.stop());
    const args = ['--kubeconfig', server.writeKubeconfig(), '--store', storePath()];
    const file = args[3] ?? '';
    const first = startListening(args);
    await first.says(/caught up/);
    await first.end('SIGINT');
    for (const event of updates) server.storage.write(event);
    const second = startListening(args);
    await second.says(/double: listening from where it stopped at .*: nothing was missed/);
    const states = new Set(updates.map((event) => `${keyOf(event)} ${countOf(event)}`));
    await untilStored(file, ({ events }) => {
      const points = events.flatMap(({ event, points }) =>
        points.map(({ count }) => `${event.namespace}/${event.name} ${count}`),
      );
      return [...states].every((state) => points.includes(state));
    });
    await second.end('SIGINT');
    const outcome = await runHark(['events', '-A', '--store', file, '--kubeconfig', '/dev/null']);
    assert.doesNotMatch(outcome.stderr, /gap/i);
  });

  test('lists anew and tells the gap when the server has forgotten the changes since the last run', async (t) => {
    const updates = readRecordedUpdates(BAD_IMAGE);
    const server = await startApiServer({ events: readRecordedEvents(ROLLOUT) });
    t.after(() => server.stop());
    const args = ['--kubeconfig', server.writeKubeconfig(), '--store', storePath()];
    const first = startListening(args);
    await first.says(/caught up/);
    await first.end('SIGINT');
    for (const event of updates) server.storage.write(event);
    server.storage.compact();
    const second = startListening(args);
    await second.says(/warning: double: gap from .*: the API server no longer knew the changes/);
    await second.says(/caught up/);
    const record = await untilStored(args[3] ?? '', (found) => holds(found, truthOf(updates)));
    assert.equal(record.coverage.length, 2);
    await second.end('SIGINT');
    assert.match(second.stderr(), /, 1 gap\n$/);
  });

  test('waits for a cluster that does not answer yet, and says so once', async (t) => {
    const server = await startApiServer({ events: readRecordedEvents(ROLLOUT) });
    t.after(() => server.stop());
    await server.crash();
    const file = storePath();
    const hark = startListening(['--kubeconfig', server.writeKubeconfig(), '--store', file]);
    await hark.says(/warning: double: .*; trying again/);
    await server.restart();
    await untilStored(file, (record) => holds(record, truthOf(readRecordedEvents(ROLLOUT))));
    await hark.end('SIGINT');
    assert.equal(hark.stderr().match(/trying again/g)?.length, 1, hark.stderr());
  });

  test('exits 3 when the certificate of the cluster is not trusted', async (t) => {
    const server = await startApiServer({ certificate: { hosts: ['elsewhere.example'] } });
    t.after(() => server.stop());
    const outcome = await runHark([
      'listen',
      '--kubeconfig',
      server.writeKubeconfig(),
      '--store',
      storePath(),
    ]);
    assert.equal(outcome.code, 3, outcome.stderr);
  });

  test('exits 4 when Events may be read nowhere', async (t) => {
    const server = await startApiServer({ events: readRecordedEvents(ROLLOUT) });
    t.after(() => server.stop());
    server.allow((request) => request.events === undefined && request.path !== '/api/v1/namespaces');
    const outcome = await runHark([
      'listen',
      '--kubeconfig',
      server.writeKubeconfig(),
      '--store',
      storePath(),
    ]);
    assert.equal(outcome.code, 4, outcome.stderr);
  });

  test('goes on with one cluster when another refuses it for good', async (t) => {
    const good = await startApiServer({ events: readRecordedEvents(ROLLOUT) });
    const bad = await startApiServer({ kubeSystemUid: 'another', events: readRecordedEvents(ROLLOUT) });
    t.after(() => Promise.all([good.stop(), bad.stop()]));
    bad.acceptTokens([]);
    const kubeconfig = writeContexts([
      { name: 'good', ...good },
      { name: 'bad', ...bad },
    ]);
    const file = storePath();
    const hark = startListening(['--kubeconfig', kubeconfig, '--contexts', 'bad,good', '--store', file]);
    await hark.says(/warning: bad: gave up: /);
    await untilStored(file, (record) => holds(record, truthOf(readRecordedEvents(ROLLOUT))));
    assert.equal((await hark.end('SIGINT')).code, 0);
  });

  test('listens to those namespaces only that -n names', async (t) => {
    const server = await startApiServer({
      events: [ROLLOUT, BAD_IMAGE, 'v1.36/g-jobs'].flatMap(readRecordedEvents),
    });
    t.after(() => server.stop());
    const file = storePath();
    const hark = startListening([
      '--kubeconfig',
      server.writeKubeconfig(),
      '-n',
      'bad-image,healthy',
      '--store',
      file,
    ]);
    await hark.says(/caught up, listening \(namespace bad-image\)/);
    await hark.says(/caught up, listening \(namespace healthy\)/);
    const truth = truthOf([ROLLOUT, BAD_IMAGE].flatMap(readRecordedEvents));
    const { events, coverage } = await untilStored(file, (record) => holds(record, truth));
    const named = ['bad-image', 'healthy'];
    assert.deepEqual([...new Set(events.map(({ event }) => event.namespace))].sort(), named);
    assert.deepEqual(coverage.map(({ namespace }) => namespace).sort(), named);
    await hark.end('SIGINT');
  });

  test('refuses a store that another listener writes to, and says which process that is', async (t) => {
    const server = await startApiServer();
    t.after(() => server.stop());
    const args = ['--kubeconfig', server.writeKubeconfig(), '--store', storePath()];
    const first = startListening(args);
    await first.says(/caught up/);
    const outcome = await runHark(['listen', ...args]);
    assert.notEqual(outcome.code, 0);
    assert.match(outcome.stderr, new RegExp(`pid ${first.pid}`));
    assert.equal((await first.end('SIGINT')).code, 0);
  });

  test('exits 2 and says what is wanted when a flag makes no sense', async () => {
    const wrong: [string[], RegExp][] = [
      [['--from', 'x.json'], /hark import x\.json/],
      [['--retention', '30'], /--retention "30" is no duration/],
      [['--max-size', '10gb'], /--max-size "10gb" is no size/],
      [['--context', 'a', '--contexts', 'b'], /exclude each other/],
    ];
    for (const [args, message] of wrong) {
      const outcome = await runHark(['listen', ...args]);
      assert.equal(outcome.code, 2);
      assert.match(outcome.stderr, message);
    }
  });
});
