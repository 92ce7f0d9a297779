import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFakeClock, type FakeClock } from '../../test/fake-clock.ts';
import fc from '../../test/fast-check.ts';
import { readObjects } from '../../test/read-objects.ts';
import { CLUSTER, readSightings } from '../../test/store/batches.ts';
import type { RecordedEvent } from '../events/event.ts';
import type { Sighting } from '../events/sighting.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { Attempt, Outlet } from '../otlp/open-outlet.ts';
import { openSqliteStore, type SqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import { openStories } from '../stories/open-stories.ts';
import { openHeard } from '../traces/heard.ts';
import { type LogRecord, logRecordsOf } from '../traces/log-records.ts';
import { keepEnds } from '../traces/repeat-events.ts';
import type { Span } from '../traces/span.ts';
import { traceStories } from '../traces/trace-stories.ts';
import { openSender, type Sender, type SenderOptions } from './open-sender.ts';

const NEVER = new AbortController().signal;
const SCENARIOS = [
  'v1.36/a-healthy-rollout',
  'v1.36/b-bad-image',
  'v1.36/c-crashloop',
  'v1.36/n-node-notready',
  'v1.20/j-rollout-undo',
];

function openStore(t: { after(done: () => unknown): void }): SqliteStore {
  const folder = mkdtempSync(join(tmpdir(), 'hark-send-'));
  const store = openSqliteStore({ file: join(folder, 'events.db'), mode: 'write' });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

/** Takes what it is sent, but as often as `fails` says. */
function openReceiver<Item>(fails: () => Attempt | undefined = () => undefined) {
  const items: Item[] = [];
  const outlet: Outlet<Item> = {
    async send(some) {
      const failed = fails();
      if (failed !== undefined) return failed;
      items.push(...some);
      return { result: 'taken', rejected: 0, notes: [] };
    },
    close: async () => {},
  };
  return { items, outlet };
}

/** What `hark trace -A` tells of a store. */
async function traceAll(store: SqliteStore) {
  const [stories, heard] = [openStories(), openHeard()];
  const events: RecordedEvent[] = [];
  for await (const page of store.readEvents({}))
    for (const record of page) {
      stories.addEvent(record);
      heard.addEvent(record);
      events.push(record);
    }
  for await (const page of store.readObjects({})) page.forEach(stories.addObject);
  for await (const page of store.readChanges({}))
    for (const change of page) {
      stories.addChange(change);
      heard.addChange(change);
    }
  const told = stories.tell();
  const clusterNames = new Map([[CLUSTER.uid, CLUSTER.name]]);
  const traces = traceStories(told, { asOf: stories.latest(), heard, clusterNames });
  const logs = told.flatMap((story, index) => {
    const trace = traces[index];
    return trace === undefined ? [] : logRecordsOf(story, trace, heard);
  });
  return { spans: traces.flatMap(({ spans }) => spans), logs, events };
}

/** By id what was sent last, but for traces that were told to have moved. */
function lastSent(spans: readonly Span[]): Map<string, Span> {
  const last = new Map(spans.map((span) => [span.spanId, span]));
  const moved = new Set<string>();
  for (const { attributes, traceId } of last.values())
    if (attributes['hark.moved'] === true) moved.add(traceId);
  const isTold = ([, { traceId, attributes }]: readonly [string, Span]) =>
    !moved.has(traceId) && attributes['hark.gone'] !== true;
  return new Map([...last].filter(isTold));
}

/** Without links to what came later, which nothing is sent again for. */
function comparable({ links, resource, ...span }: Span) {
  const isBack = ({ attributes }: Span['links'][number]) =>
    attributes['hark.link'] !== 'next-run' && attributes['hark.link'] !== 'causes';
  return { ...span, links: links.filter(isBack), resource: resource.attributes };
}

const byId = (spans: Iterable<Span>) =>
  [...spans].map(comparable).sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
const happeningOf = ({ source, at, message }: LogRecord) => JSON.stringify([source, at, message]);

function openOptions(store: SqliteStore, rest: Partial<SenderOptions>): SenderOptions {
  return { store, marks: store, clock: createFakeClock(), random: () => 0, note: () => {}, ...rest };
}

test('openSender sends in the end what hark trace -A prints, in any order of arrival, cut off and begun again anywhere, from a receiver that fails', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SCENARIOS),
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 15, max: 60 }),
      async (scenario, dice, size) => {
        const roll = (sides: number) => (dice.next().value ?? 0) % sides;
        const store = openStore(t);
        const clock = createFakeClock();
        const fails = (): Attempt | undefined =>
          roll(3) === 0 ? { result: 'later', after: undefined, error: new Error('busy') } : undefined;
        const [traces, logs] = [openReceiver<Span>(fails), openReceiver<LogRecord>(fails)];
        const rules = { openAfter: 0, resend: true };
        const options = openOptions(store, { clock, traces: traces.outlet, logs: logs.outlet, rules });
        let sender = await openSender(options);
        let dropped = 0;
        const sightings: Sighting[] = readSightings(`${scenario}/events-core-v1.jsonl`)
          .map((sighting) => ({ sighting, at: roll(1_000_000) }))
          .sort((a, b) => a.at - b.at)
          .map(({ sighting }) => sighting);
        await sender.turn(NEVER);
        for (let at = 0; at < sightings.length; at += size) {
          await store.write({ cluster: CLUSTER, sightings: sightings.slice(at, at + size) });
          if (at === size)
            await store.write({
              cluster: CLUSTER,
              sightings: [],
              ...readObjects(`${scenario}/objects.jsonl`),
            });
          clock.advance(roll(30) * SECOND);
          await sender.turn(NEVER);
          if (roll(3) !== 0) continue;
          dropped += sender.counts.get('logs')?.dropped ?? 0;
          sender = await openSender(options);
        }
        for (let turn = 0; turn < 20; turn += 1) {
          clock.advance(11 * SECOND);
          await sender.turn(NEVER);
        }
        const wanted = await traceAll(store);
        assert.deepEqual(byId(lastSent(traces.items).values()), byId(wanted.spans));
        assert.ok(wanted.spans.length > 10);
        const happened = logs.items.map(happeningOf);
        assert.equal(new Set(happened).size, happened.length, 'a happening was sent twice');
        dropped += sender.counts.get('logs')?.dropped ?? 0;
        assert.ok(happened.length + dropped >= wanted.logs.length, 'a happening was lost and not counted');
      },
    ),
    { numRuns: 6 },
  );
});

test('openSender sends what goes on in parts that together are the whole, each under an id of its own, so that nothing is sent twice', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  const traces = openReceiver<Span>();
  const options = openOptions(store, { clock, traces: traces.outlet, rules: { openAfter: 2 * MINUTE } });
  let sender = await openSender(options);
  await sender.turn(NEVER);
  const sightings = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
  for (let at = 0; at < sightings.length; at += 5) {
    await store.write({ cluster: CLUSTER, sightings: sightings.slice(at, at + 5) });
    for (let turn = 0; turn < 3; turn += 1) {
      clock.advance(11 * SECOND);
      await sender.turn(NEVER);
    }
    sender = await openSender(options);
  }
  const { items } = traces;
  assert.equal(new Set(items.map(({ spanId }) => spanId)).size, items.length);
  const isPart = ({ attributes }: Span) => attributes['hark.continues'] !== undefined;
  const parts = Map.groupBy(items, ({ spanId, attributes }) =>
    String(attributes['hark.continues'] ?? spanId),
  );
  const wanted = (await traceAll(store)).spans.filter(({ open }) => !open);
  assert.ok(wanted.length > 10 && items.some(isPart));
  let most = 0;
  for (const span of wanted) {
    const [first, ...more] = parts.get(span.spanId) ?? [];
    assert.ok(first !== undefined, `${span.name} was not sent`);
    most = Math.max(most, more.length);
    const last = more.at(-1) ?? first;
    const { 'hark.continues': _, ...attributes } = last.attributes;
    const events = keepEnds(
      [first, ...more].flatMap((part) => part.events),
      128,
    );
    const whole = { ...first, to: last.to, attributes, events, error: last.error, links: last.links };
    assert.deepEqual(
      comparable({ ...whole, open: false, droppedEvents: 0 }),
      comparable({ ...span, droppedEvents: 0 }),
    );
    for (const part of more) assert.equal(part.parentSpanId, span.spanId);
  }
  assert.ok(most > 1, 'a span went on for long enough to be sent in three parts');
});

test('openSender loses nothing of a receiver that takes nothing for ten minutes, rests in between as long as it is told, and says so once', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  const notes: string[] = [];
  let isDown = true;
  let tries = 0;
  const { items, outlet } = openReceiver<Span>(() => {
    tries += 1;
    return isDown ? { result: 'later', after: 20 * SECOND, error: new Error('nobody there') } : undefined;
  });
  const sender = await openSender(
    openOptions(store, { clock, traces: outlet, note: (text) => notes.push(text) }),
  );
  await sender.turn(NEVER);
  await store.write({
    cluster: CLUSTER,
    sightings: readSightings('v1.36/a-healthy-rollout/events-core-v1.jsonl'),
  });
  for (let second = 0; second < 600; second += 1) {
    clock.advance(SECOND);
    await sender.turn(NEVER);
  }
  assert.ok(tries > 20 && tries <= 30, `${tries}`);
  assert.deepEqual(items, []);
  isDown = false;
  clock.advance(MINUTE);
  await sender.turn(NEVER);
  const { spans } = await traceAll(store);
  assert.deepEqual(byId(items), byId(spans.filter(({ open }) => !open)));
  assert.deepEqual(notes, ['nobody there. Tried again; nothing is lost meanwhile', 'spans are sent again']);
  const { sent, dropped, rejected, failing } = sender.counts.get('traces') ?? {};
  assert.deepEqual(
    { sent, dropped, rejected, failing },
    { sent: items.length, dropped: 0, rejected: 0, failing: false },
  );
});

test('openSender takes what was over before it began for the first time for sent, and nothing later', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock(Date.UTC(2026, 11, 1) * 1000);
  await store.write({
    cluster: CLUSTER,
    sightings: readSightings('v1.36/a-healthy-rollout/events-core-v1.jsonl'),
  });
  const [traces, logs] = [openReceiver<Span>(), openReceiver<LogRecord>()];
  const options = openOptions(store, { clock, traces: traces.outlet, logs: logs.outlet });
  let sender = await openSender(options);
  await sender.prepare(NEVER);
  const over = new Set(
    (await traceAll(store)).spans
      .filter(({ open, parentSpanId }) => !open && parentSpanId === '')
      .map(({ traceId }) => traceId),
  );
  await store.write({ cluster: CLUSTER, sightings: readSightings('v1.36/c-crashloop/events-core-v1.jsonl') });
  sender = await openSender(options);
  for (let turn = 0; turn < 3; turn += 1) {
    clock.advance(11 * SECOND);
    await sender.turn(NEVER);
  }
  assert.ok(over.size > 0 && traces.items.length > 10 && logs.items.length > 10);
  assert.ok(logs.items.every(({ traceId }) => !over.has(traceId)));
  // Of what has turned out otherwise since, that is told alone.
  for (const { traceId, attributes, name } of traces.items)
    assert.ok(!over.has(traceId) || attributes['hark.continues'] !== undefined, name);
});

test('openSender gives up what is refused, alone, and counts it', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  const items: Span[] = [];
  const isBad = ({ name }: Span) => name === 'Pod.Pulling';
  const outlet: Outlet<Span> = {
    async send(some) {
      if (some.some(isBad)) return { result: 'refused', error: new Error('cannot be read') };
      items.push(...some);
      return { result: 'taken', rejected: 0, notes: [] };
    },
    close: async () => {},
  };
  const sender = await openSender(openOptions(store, { clock, traces: outlet }));
  await sender.turn(NEVER);
  await store.write({
    cluster: CLUSTER,
    sightings: readSightings('v1.36/a-healthy-rollout/events-core-v1.jsonl'),
  });
  for (let turn = 0; turn < 3; turn += 1) {
    clock.advance(11 * SECOND);
    await sender.turn(NEVER);
  }
  const wanted = (await traceAll(store)).spans.filter(({ open }) => !open);
  assert.equal(sender.counts.get('traces')?.dropped, wanted.filter(isBad).length);
  assert.ok(wanted.some(isBad));
  assert.deepEqual(byId(items), byId(wanted.filter((span) => !isBad(span))));
});

/** Lets what was stored settle and be sent. */
async function settle(sender: Sender, clock: FakeClock, times = 4): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) {
    clock.advance(11 * SECOND);
    await sender.turn(NEVER);
  }
}

/** One after the other, as so many clusters' worth of rollouts and crashes. */
async function storeAll(
  store: SqliteStore,
  each: (scenario: string) => Promise<void>,
  scenarios: readonly string[] = ['v1.36/a-healthy-rollout', 'v1.36/c-crashloop', 'v1.20/j-rollout-undo'],
): Promise<void> {
  for (const scenario of scenarios) {
    await store.write({
      cluster: CLUSTER,
      sightings: readSightings(`${scenario}/events-core-v1.jsonl`),
      ...readObjects(`${scenario}/objects.jsonl`),
    });
    await each(scenario);
  }
}

/** Each closed span once, each happening once, and nothing else. */
async function assertAllSent(store: SqliteStore, spans: readonly Span[], logs: readonly LogRecord[]) {
  const wanted = await traceAll(store);
  const ids = spans.map(({ spanId }) => spanId);
  assert.equal(new Set(ids).size, ids.length, 'a span was sent twice');
  const closed = wanted.spans.filter(({ open }) => !open);
  assert.ok(closed.length > 20);
  const missing = closed.filter(({ spanId }) => !ids.includes(spanId)).map(({ name }) => name);
  assert.deepEqual(missing, []);
  const happened = logs.map(happeningOf);
  assert.deepEqual(happened.toSorted(), wanted.logs.map(happeningOf).sort());
}

test('openSender forgets what is over and sent when there is no room, sends nothing twice for it, and goes on with what is repeated later', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  const [traces, logs] = [openReceiver<Span>(), openReceiver<LogRecord>()];
  const options = openOptions(store, { clock, traces: traces.outlet, logs: logs.outlet, most: 15 });
  const sender = await openSender(options);
  await sender.turn(NEVER);
  await storeAll(store, () => settle(sender, clock));
  await settle(sender, clock);
  await assertAllSent(store, traces.items, logs.items);
  const before = traces.items.length;
  const [first] = readSightings('v1.36/a-healthy-rollout/events-core-v1.jsonl').filter(
    ({ event }) => event.reason === 'ScalingReplicaSet',
  );
  assert.ok(first !== undefined);
  const at = (first.event.lastTimestamp ?? 0) + 3600 * SECOND;
  const repeated = { ...first.event, count: 2, lastTimestamp: at, resourceVersion: '999999' };
  await store.write({ cluster: CLUSTER, sightings: [{ event: repeated, deleted: false, at }] });
  await settle(sender, clock);
  const later = traces.items.slice(before);
  const ids = traces.items.map(({ spanId }) => spanId);
  assert.equal(new Set(ids).size, ids.length, 'a span was sent twice');
  assert.ok(later.some(({ attributes }) => attributes['hark.continues'] !== undefined));
  assert.ok(later.every(({ attributes }) => attributes['hark.gone'] === undefined));
  const happened = logs.items.map(happeningOf);
  assert.equal(new Set(happened).size, happened.length, 'a happening was sent twice');
});

test('openSender reads on when the store no longer knows what changed', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  const [traces, logs] = [openReceiver<Span>(), openReceiver<LogRecord>()];
  let isLost = false;
  const forgetful: SenderOptions['store'] = {
    ...store,
    async readChanged(place, before) {
      if (!isLost) return await store.readChanged(place, before);
      isLost = false;
      return 'gone';
    },
  };
  const sender = await openSender(
    openOptions(store, { store: forgetful, clock, traces: traces.outlet, logs: logs.outlet }),
  );
  await sender.turn(NEVER);
  await storeAll(store, async () => {
    isLost = true;
    await settle(sender, clock);
    assert.equal(isLost, false, 'it was not asked what changed');
  });
  await assertAllSent(store, traces.items, logs.items);
});

test('openSender loses nothing of a receiver that is down for ten minutes when it is begun again in the middle of them', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  let isDown = false;
  const fails = (): Attempt | undefined =>
    isDown ? { result: 'later', after: undefined, error: new Error('nobody there') } : undefined;
  const [traces, logs] = [openReceiver<Span>(fails), openReceiver<LogRecord>(fails)];
  const options = openOptions(store, { clock, traces: traces.outlet, logs: logs.outlet });
  let sender = await openSender(options);
  await sender.turn(NEVER);
  isDown = true;
  await storeAll(store, async () => {
    for (let second = 0; second < 200; second += 1) {
      clock.advance(SECOND);
      await sender.turn(NEVER);
    }
    sender = await openSender(options);
  });
  assert.equal(traces.items.length + logs.items.length, 0);
  isDown = false;
  await settle(sender, clock, 6);
  await assertAllSent(store, traces.items, logs.items);
});

test('openSender sends what retention has removed meanwhile as long as it holds it, and begins again without it', async (t) => {
  const store = openStore(t);
  const clock = createFakeClock();
  let isDown = true;
  const fails = (): Attempt | undefined =>
    isDown ? { result: 'later', after: undefined, error: new Error('nobody there') } : undefined;
  const traces = openReceiver<Span>(fails);
  const options = openOptions(store, { clock, traces: traces.outlet });
  const sender = await openSender(options);
  await sender.turn(NEVER);
  await storeAll(store, () => settle(sender, clock));
  const wanted = (await traceAll(store)).spans.filter(({ open }) => !open);
  await store.retain({ before: Number.MAX_SAFE_INTEGER });
  assert.equal((await store.readSize()).events, 0);
  clock.advance(MINUTE);
  await sender.turn(NEVER);
  const begunAgain = await openSender(options);
  isDown = false;
  clock.advance(MINUTE);
  await settle(begunAgain, clock);
  assert.equal(traces.items.length, 0, 'who begins again knows nothing of it');
  await settle(sender, clock);
  const sent = new Set(traces.items.map(({ spanId }) => spanId));
  assert.ok(wanted.length > 20);
  assert.deepEqual(
    wanted.filter(({ spanId }) => !sent.has(spanId)).map(({ name }) => name),
    [],
  );
});
