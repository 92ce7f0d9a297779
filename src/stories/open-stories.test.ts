import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { readScenario } from '../../test/read-record.ts';
import { listScenarios } from '../../test/read-recording.ts';
import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import { makeRecord, mergeSighting } from '../events/merge-records.ts';
import { parseEvent } from '../events/parse-event.ts';
import { openStories } from './open-stories.ts';
import type { Step, Story } from './story.ts';

const RECORDS = new Map(listScenarios().map((scenario) => [scenario, readScenario(scenario)]));

function tell(records: readonly RecordedEvent[], asOf?: number): readonly Story[] {
  const stories = openStories();
  for (const record of records) stories.addEvent(record);
  return stories.tell(asOf);
}

function* walk(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walk(step.steps);
  }
}

function latestOf(records: readonly RecordedEvent[]): number {
  return Math.max(...records.flatMap(({ occurrences }) => occurrences.map(({ at }) => at)));
}

test('openStories tells every happening of every Event in exactly one story when it is given all', () => {
  for (const [scenario, records] of RECORDS) {
    const told = new Map<string, number>();
    for (const story of tell(records))
      for (const step of walk(story.steps))
        for (const { at, message, count } of step.source === 'event' ? step.occurrences : []) {
          const key = `${at} ${message} ${step.object.name} ${step.reason}`;
          told.set(key, (told.get(key) ?? 0) + count);
        }
    const seen = new Map<string, number>();
    for (const { event, occurrences } of records)
      for (const { at, message, count } of occurrences) {
        const key = `${at} ${message.replace('(combined from similar events): ', '')} ${event.involvedObject.name} ${event.reason}`;
        seen.set(key, (seen.get(key) ?? 0) + count);
      }
    assert.deepEqual([...told].sort(), [...seen].sort(), scenario);
  }
});

test('openStories tells the same when the Events come in any order', () => {
  const scenarios = [...RECORDS];
  fc.assert(
    fc.property(
      fc.constantFrom(...scenarios),
      fc.infiniteStream(fc.nat()),
      ([scenario, records], numbers) => {
        const shuffled = records
          .map((record) => ({ record, key: numbers.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record);
        assert.deepEqual(tell(shuffled), tell(records), scenario);
      },
    ),
    { numRuns: 40 },
  );
});

test('openStories tells the same when it is asked after every Event and when only at the end', () => {
  for (const scenario of ['v1.20/b-bad-image', 'v1.36/j-rollout-undo', 'v1.36/n-node-notready']) {
    const records = RECORDS.get(scenario) ?? [];
    const asOf = latestOf(records);
    const stories = openStories();
    const known = new Map<string, Story>();
    for (const record of [...records].reverse()) {
      stories.addEvent(record);
      const { told, gone } = stories.tellChanges(asOf);
      for (const id of gone) known.delete(id);
      for (const story of told) known.set(story.id, story);
    }
    const whole = tell(records, asOf);
    assert.deepEqual(
      [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      [...whole].sort((a, b) => (a.id < b.id ? -1 : 1)),
      scenario,
    );
    assert.deepEqual(stories.tell(asOf), whole, scenario);
  }
});

test('openStories tells the same when it heard of earlier states of the Events before', () => {
  for (const scenario of ['v1.20/c-crashloop', 'v1.36/h-statefulset']) {
    const records = RECORDS.get(scenario) ?? [];
    const stories = openStories();
    for (const { cluster, event, points } of records) {
      const [first] = points;
      if (first !== undefined) stories.addEvent(makeRecord(cluster, event, undefined, [first]));
    }
    stories.tell();
    for (const record of records) stories.addEvent(record);
    assert.deepEqual(stories.tell(), tell(records), scenario);
  }
});

test('openStories moves a step to another story only when its cause comes late', () => {
  for (const [scenario, all] of RECORDS) {
    const records = [...all].sort((a, b) => (a.occurrences[0]?.at ?? 0) - (b.occurrences[0]?.at ?? 0));
    const asOf = latestOf(records);
    const stories = openStories();
    let before = new Map<string, string>();
    for (const { cluster, event, points } of records) {
      stories.addEvent(makeRecord(cluster, event, undefined, points.slice(0, 1)));
      const now = new Map<string, string>();
      let cause = '';
      for (const story of stories.tell(asOf))
        for (const step of walk(story.steps)) {
          if (step.source === 'event') now.set(step.id, story.id);
          if (step.sources.some((source) => source.endsWith(identify(event)))) cause = story.id;
        }
      for (const [step, story] of before) {
        assert.ok(now.has(step), `${scenario}: a step is gone`);
        if (now.get(step) !== story) assert.equal(now.get(step), cause, `${scenario}: ${identify(event)}`);
      }
      before = now;
    }
    assert.ok(before.size > 10);
  }
});

test('openStories only completes steps when repeats come: counts grow, times and ids stay', () => {
  for (const [scenario, records] of RECORDS) {
    const stories = openStories();
    for (const { cluster, event, points } of records)
      stories.addEvent(makeRecord(cluster, event, undefined, points.slice(0, 1)));
    const early = new Map<string, Step>();
    for (const story of stories.tell(latestOf(records)))
      for (const step of walk(story.steps)) if (step.source === 'event') early.set(step.id, step);
    for (const record of records) stories.addEvent(record);
    const late = new Map<string, Step>();
    for (const story of stories.tell(latestOf(records)))
      for (const step of walk(story.steps)) late.set(step.id, step);
    for (const [id, step] of early) {
      const after = late.get(id);
      assert.ok(after !== undefined, `${scenario}: gone: ${step.says}`);
      assert.equal(after.at, step.at, `${scenario}: ${step.says}`);
      assert.ok(after.count >= step.count && after.lastAt >= step.lastAt, `${scenario}: ${step.says}`);
    }
  }
});

test('openStories gives every story and every step of it an id of its own', () => {
  for (const [scenario, records] of RECORDS) {
    const stories = tell(records);
    const steps = stories.flatMap((story) => [...walk(story.steps)]);
    assert.equal(new Set(stories.map((story) => story.id)).size, stories.length, scenario);
    assert.equal(new Set(steps.map((step) => step.id)).size, steps.length, scenario);
  }
});

/** An Event as someone may have written it by hand: no recording holds these. */
function written(
  name: string,
  of: readonly [kind: string, name: string],
  reason: string,
  message: string,
): RecordedEvent {
  const [kind, object] = of;
  const event = parseEvent({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'odd' },
    involvedObject: { kind, name: object, namespace: 'odd' },
    reason,
    message,
    type: 'Warning',
    count: 3,
    firstTimestamp: '2026-01-01T00:00:10Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
  });
  return mergeSighting(undefined, 'odd', { event, deleted: false, at: 0 });
}

test('openStories tells every Event once, in any order, when Events written by hand claim to own each other', () => {
  const odd = [
    written('itself', ['Pod', 'r'], 'SuccessfulCreate', 'Created pod: r'),
    written('a-b', ['Foo', 'a'], 'Made', 'Created Bar "b"'),
    written('b-c', ['Bar', 'b'], 'Made', 'Created Baz "c"'),
    written('c-a', ['Baz', 'c'], 'Made', 'Created Foo "a"'),
    written('c-d', ['Baz', 'c'], 'Made', 'Created Other "d"'),
    written('of-d', ['Other', 'd'], 'constructor', '__proto__'),
    written('proto', ['__proto__', 'toString'], 'hasOwnProperty', 'Created Deployment "constructor"'),
    written(
      'much',
      ['Deployment', 'constructor'],
      'ScalingReplicaSet',
      'Scaled up replica set x to 99999999999',
    ),
    written('none', ['', ''], '', ''),
    written('long', ['Pod', 'long'], 'Frobbed', 'x'.repeat(100_000)),
  ];
  const wanted = tell(odd);
  const told = wanted.flatMap((story) => [...walk(story.steps)].flatMap((step) => step.sources));
  assert.deepEqual(told.toSorted(), odd.map(({ event }) => `odd/${identify(event)}`).toSorted());
  fc.assert(
    fc.property(fc.shuffledSubarray(odd, { minLength: odd.length }), (shuffled) => {
      assert.deepEqual(tell(shuffled), wanted);
    }),
    { numRuns: 60 },
  );
  assert.ok(wanted.every(({ title }) => title.length <= 240));
});
