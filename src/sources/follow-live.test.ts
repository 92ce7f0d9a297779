import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecordedWatch } from '../../test/read-recording.ts';
import { compareEvents } from '../events/compare-events.ts';
import type { Event } from '../events/event.ts';
import { createMemoryReader } from '../events/memory-reader.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { EventQuery, EventReader } from '../events/query.ts';
import type { WatchItem } from '../kube/watch-item.ts';
import { followLive } from './follow-live.ts';

const INFO = { uid: 'c', name: 'c', version: '' };
const LINES = readRecordedWatch('v1.36/b-bad-image/events-core-v1.jsonl').map(({ type, object }) => ({
  type,
  event: parseEvent(object),
}));
const ADDED = LINES.filter(({ type }) => type === 'ADDED')
  .map(({ event }) => event)
  .sort(compareEvents);
const MODIFIED = LINES.filter(({ type }) => type === 'MODIFIED').map(({ event }) => event);

const synced = (namespace = ''): WatchItem => ({ type: 'synced', resourceVersion: '1', at: 0, namespace });
const gap = (reason: 'started' | 'expired', namespace = ''): WatchItem => ({
  type: 'gap',
  reason,
  from: 0,
  at: 0,
  namespace,
});
const heard = (type: 'listed' | 'added' | 'modified' | 'deleted', event: Event): WatchItem => ({
  type,
  event,
  at: 0,
});

interface Told {
  readonly live: boolean;
  readonly counts: readonly string[];
}

/** What is told: the names and counts of each page, and the notices. */
async function follow(
  items: readonly WatchItem[],
  query: EventQuery = {},
  record?: EventReader,
): Promise<(Told | string)[]> {
  async function* source() {
    yield* items;
  }
  const told: (Told | string)[] = [];
  const { signal } = new AbortController();
  for await (const page of followLive(source(), { info: INFO, record, query, signal }))
    told.push(
      page.type === 'notice'
        ? page.text
        : {
            live: page.live,
            counts: page.records.map(({ event, points }) => `${event.name}:${event.count}:${points.length}`),
          },
    );
  return told;
}

const [first, second, third] = ADDED as [Event, Event, Event];
const [update] = MODIFIED as [Event];
const updated = ADDED.find(({ name }) => name === update.name) as Event;
const one = (event: Event, points = 1) => `${event.name}:${event.count}:${points}`;

test('followLive tells what is listed in time order, then each change', async () => {
  assert.deepEqual(
    await follow([
      gap('started'),
      heard('listed', second),
      heard('listed', first),
      synced(),
      heard('added', third),
    ]),
    [
      { live: false, counts: [one(first), one(second)] },
      { live: true, counts: [one(third)] },
    ],
  );
});

test('followLive tells a repeat with all that came before it, and nothing when nothing is new', async () => {
  assert.deepEqual(
    await follow([
      gap('started'),
      heard('listed', updated),
      synced(),
      heard('modified', update),
      heard('modified', update),
      heard('deleted', update),
    ]),
    [
      { live: false, counts: [one(updated)] },
      { live: true, counts: [one(update, 2)] },
    ],
  );
});

test('followLive tells after an interruption only what is new, in time order', async () => {
  const told = await follow([
    gap('started'),
    heard('listed', first),
    synced(),
    gap('expired'),
    heard('listed', third),
    heard('listed', first),
    heard('listed', second),
    synced(),
  ]);
  assert.deepEqual(told[0], { live: false, counts: [one(first)] });
  assert.match(String(told[1]), /^Interrupted since 1970-01-01T00:00:00Z/);
  assert.deepEqual(told[2], { live: true, counts: [one(second), one(third)] });
});

test('followLive waits for the lists of all namespaces before it tells what there is', async () => {
  assert.deepEqual(
    await follow(
      [
        gap('started', 'a'),
        heard('listed', second),
        synced('a'),
        gap('started', 'b'),
        heard('listed', first),
        synced('b'),
      ],
      { namespaces: ['a', 'b', 'bad-image'] },
    ),
    [],
  );
  const both = await follow(
    [
      gap('started', 'a'),
      heard('listed', second),
      synced('a'),
      gap('started', 'bad-image'),
      heard('listed', first),
      synced('bad-image'),
    ],
    { namespaces: ['a', 'bad-image'] },
  );
  assert.deepEqual(both, [{ live: false, counts: [one(first), one(second)] }]);
});

test('followLive tells what the record knows beside what is live, and only what is asked for', async () => {
  const record = createMemoryReader(INFO, [first, updated]);
  const items = [gap('started'), heard('listed', update), synced(), heard('added', second)];
  assert.deepEqual(await follow(items, {}, record), [
    { live: false, counts: [one(first), one(update, 2)] },
    { live: true, counts: [one(second)] },
  ]);
  assert.deepEqual(await follow(items, { reasons: [update.reason] }, record), [
    { live: false, counts: [one(update, 2)] },
  ]);
});

test('followLive passes notices on, made safe for a terminal', async () => {
  const notice: WatchItem = { type: 'notice', level: 'warn', code: 'x', text: 'cannot \x1b[31mreach', at: 0 };
  const [text] = await follow([notice]);
  assert.match(String(text), /^cannot .*reach$/);
  assert.ok(!String(text).includes('\x1b'));
});
