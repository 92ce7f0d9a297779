import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScenario } from '../../test/read-record.ts';
import type { Event, RecordedEvent } from '../events/event.ts';
import { makeRecord } from '../events/merge-records.ts';
import { HOUR, MINUTE, type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import { openStories } from './open-stories.ts';
import type { Story } from './story.ts';

// Where no recording lasts long enough, or two things never came so close, the times of recorded Events are moved; each test says so.

function tell(records: readonly RecordedEvent[], of = ''): readonly Story[] {
  const stories = openStories();
  for (const record of records) stories.addEvent(record);
  return stories.tell().filter((story) => of === '' || story.object.name === of || story.owner?.name === of);
}

/** What happened to a record as if everything from a time on had come later (or earlier). */
function moveFrom(records: readonly RecordedEvent[], from: Micros, by: MicrosLength): RecordedEvent[] {
  return records.map((record) => {
    const move = (at: Micros | undefined) => (at === undefined || at < from ? at : at + by);
    const { event } = record;
    const name = event.name.replace(/\.([0-9a-f]{16})$/, (_, hex: string) => {
      const at = Number(BigInt(`0x${hex}`) / 1_000n);
      return at < from ? `.${hex}` : `.${(BigInt(`0x${hex}`) + BigInt(by) * 1_000n).toString(16)}`;
    });
    const moved: Event = {
      ...event,
      name,
      firstTimestamp: move(event.firstTimestamp),
      lastTimestamp: move(event.lastTimestamp),
      eventTime: move(event.eventTime),
    };
    const points = record.points.map((point) => ({ ...point, at: move(point.at) ?? point.at }));
    return makeRecord(record.cluster, moved, move(record.deletedAt), points);
  });
}

function namesOf(stories: readonly Story[]): string[] {
  return stories.map(({ kind, title, outcome }) => `${kind}: ${title}: ${outcome}`);
}

/** When a ReplicaSet was scaled up for the first time; in whole seconds, as some times are. */
function scaledUpAt(records: readonly RecordedEvent[], index: number): Micros {
  const ups = records
    .filter(
      ({ event }) =>
        event.reason === 'ScalingReplicaSet' && /Scaled up .* (?:from 0 )?to 1$/.test(event.message),
    )
    .map(({ occurrences }) => occurrences[0]?.at ?? 0)
    .sort((a, b) => a - b);
  return Math.floor((ups[index] ?? 0) / SECOND) * SECOND;
}

test('a crash loop over three days is one story (repeats moved apart)', () => {
  const records = readScenario('v1.36/c-crashloop').map((record) => {
    if (record.event.reason !== 'BackOff' || !record.event.involvedObject.name.startsWith('crasher'))
      return record;
    const [first] = record.points;
    assert.ok(first !== undefined);
    // A kubelet repeats it every few minutes; what lets them through, every five.
    const points = Array.from({ length: (72 * HOUR) / (5 * MINUTE) }, (_, index) => ({
      ...first,
      at: first.at + index * 5 * MINUTE,
      count: index + 1,
    }));
    return makeRecord(record.cluster, record.event, undefined, points);
  });
  const stories = tell(records, 'crasher');
  assert.equal(stories.length, 1);
  const [story] = stories;
  assert.equal(story?.outcome, 'failed');
  assert.equal(story?.endsAt, undefined, 'it goes on');
  assert.ok((story?.lastAt ?? 0) - (story?.from ?? 0) > 71 * HOUR);
});

test('two rollouts an hour apart are two, and so they are when the second begins while the first still goes on (times moved)', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const records = readScenario(`${version}/a-healthy-rollout`);
    const second = scaledUpAt(records, 0);
    const apart = namesOf(tell(moveFrom(records, second, HOUR)));
    assert.equal(apart.length, 2, apart.join('\n'));
    assert.ok(
      apart.every((name) => name.startsWith('rollout')),
      apart.join('\n'),
    );
    const first = Math.min(...records.flatMap(({ occurrences }) => occurrences.map(({ at }) => at)));
    const soon = namesOf(tell(moveFrom(records, second, first - second + SECOND / 2)));
    assert.equal(soon.length, 2, soon.join('\n'));
    assert.deepEqual(
      soon.map((name) =>
        name
          .replace(/-[0-9a-f]+:/, ':')
          .split(': ')
          .slice(0, 2)
          .join(': '),
      ),
      ['rollout: rollout of podinfo', 'rollout: rollout of podinfo'],
    );
  }
});

test('a bad rollout that is undone, growing, shrinking, a restart and scaling to 0 and back are a story each', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const stories = tell(readScenario(`${version}/j-rollout-undo`), 'podinfo');
    const titles = stories.map(({ title }) => title.replace(/podinfo-[0-9a-z]+/, 'REPLICASET'));
    assert.deepEqual(titles, [
      'rollout of REPLICASET',
      'rollout of REPLICASET',
      'rollout of REPLICASET',
      'rollout back to REPLICASET',
      'scaled from 3 to 6',
      'scaled from 6 to 1',
      'rollout of REPLICASET',
      'scaled from 1 to 0',
      'scaled from 0 to 2',
      ...titles.slice(9),
    ]);
    assert.deepEqual(
      stories.slice(0, 9).map(({ outcome }) => outcome === 'failed'),
      [false, false, true, false, false, false, false, false, false],
    );
    assert.match(stories[2]?.summary ?? '', /no such tag/);
  }
});

test('an Event that comes back after three days is a part of the rollout it happened in (moved)', () => {
  const records = readScenario('v1.20/a-healthy-rollout');
  const wanted = tell(records)[1];
  const second = scaledUpAt(records, 0);
  // Back and forth: client-go keeps the name and the first time of what it said of the same ReplicaSet before.
  const again = moveFrom(records, second, 72 * HOUR).map((record) => {
    const { event } = record;
    if (event.reason !== 'ScalingReplicaSet' || !record.occurrences.some(({ at }) => at >= second))
      return record;
    const before = record.points.map((point) => ({ ...point, at: point.at - 96 * HOUR, count: 1 }));
    return makeRecord(record.cluster, event, undefined, [
      ...before,
      ...record.points.map((point) => ({ ...point, count: point.count + 1 })),
    ]);
  });
  const story = tell(again).findLast(({ kind }) => kind === 'rollout');
  assert.ok(story !== undefined && wanted !== undefined);
  const shape = (of: Story) => of.steps.map(({ says, steps }) => [says, steps.map((step) => step.says)]);
  assert.deepEqual(shape(story), shape(wanted));
  assert.ok((story.endsAt ?? 0) - story.from < MINUTE, 'it lasts as long as it did');
});

test('a Job that is retried is one story, and each run of a CronJob is one', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const records = readScenario(`${version}/g-jobs`);
    const [migrate, ...others] = tell(records, 'migrate');
    assert.deepEqual(others, []);
    assert.equal(migrate?.kind, 'run');
    assert.equal(migrate?.outcome, 'failed');
    assert.equal(migrate?.steps.filter(({ reason }) => reason === 'SuccessfulCreate').length, 4);
    const runs = tell(records, 'heartbeat').filter(({ kind }) => kind === 'run');
    assert.ok(runs.length > 5);
    assert.equal(new Set(runs.map(({ object }) => object.name)).size, runs.length);
  }
});

test('a StatefulSet’s Pod that is made anew since its Node failed hangs below the eviction (the eviction by hand, the rest recorded)', () => {
  const records = readScenario('v1.36/h-statefulset');
  const ofPod = (name: string) => records.filter(({ event }) => event.involvedObject.name === name);
  const scheduled = ofPod('web-2').find(({ event }) => event.reason === 'Scheduled');
  assert.ok(scheduled !== undefined);
  const { uid } = scheduled.event.involvedObject;
  const at = (scheduled.occurrences[0]?.at ?? 0) + MINUTE;
  const evicted: Event = {
    ...scheduled.event,
    name: 'web-2.18eab67f00000000',
    reason: 'TaintManagerEviction',
    message: 'Marking for deletion Pod statefulset/web-2',
    source: { component: 'taint-eviction-controller', host: '' },
    reportingController: 'taint-eviction-controller',
    eventTime: undefined,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
  const made = records.find(({ event }) => /create Pod web-2 in StatefulSet web/i.test(event.message));
  assert.ok(made !== undefined);
  const remade = makeRecord(made.cluster, made.event, undefined, [
    ...made.points.slice(0, 1),
    { at: at + 20 * SECOND, count: 2, series: false, message: made.event.message },
  ]);
  const first = records.filter(
    (record) =>
      (record.occurrences[0]?.at ?? 0) < at &&
      record !== made &&
      /^web(-\d)?$/.test(record.event.involvedObject.name),
  );
  const stories = tell([
    ...first,
    makeRecord(made.cluster, evicted, undefined, [{ at, count: 1, series: false, message: evicted.message }]),
    remade,
  ]);
  const incident = stories.find(({ kind }) => kind === 'incident');
  assert.ok(incident !== undefined, namesOf(stories).join('\n'));
  assert.match(incident.title, /evicted/);
  const [pod] = incident.steps;
  assert.equal(pod?.object.uid, uid);
  assert.deepEqual(
    pod?.steps.map(({ reason }) => reason),
    ['TaintManagerEviction', 'SuccessfulCreate'],
  );
});
