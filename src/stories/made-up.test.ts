import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import type { RecordedEvent } from '../events/event.ts';
import { makeRecord } from '../events/merge-records.ts';
import { parseEvent } from '../events/parse-event.ts';
import { formatTime } from '../lib/rfc3339.ts';
import { SECOND } from '../lib/time.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { openStories } from './open-stories.ts';
import type { Step, Story } from './story.ts';

// No recording holds these: histories put together at random, of what each kind is really spoken of, in few names so that they meet.

/** Who is spoken of: under which names, with which reasons and messages. `NAME` is one of the names of what follows `→`. */
const SPOKEN: readonly (readonly [kind: string, names: string, said: readonly string[]])[] = [
  [
    'Pod',
    'web-0 web-1 web-57f897f5f8-7k7ff web-57f897f5f8-lv7cn web-64d688f5d9-8snwf run-29924134-fltqq',
    [
      'Scheduled: Successfully assigned ns/x to n1',
      'FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.',
      'Started: Started container c',
      'Killing: Stopping container c',
      'BackOff: Back-off restarting failed container',
      'Unhealthy: Readiness probe failed: x',
      'FailedMount: MountVolume.SetUp failed for volume "v" : configmap "a" not found',
      'TaintManagerEviction: Marking for deletion Pod ns/x',
      'NodeNotReady: Node is not ready',
      'Evicted: The node was low on resource: memory.',
      'Frobbed: who knows',
    ],
  ],
  [
    'ReplicaSet',
    'web-57f897f5f8 web-64d688f5d9',
    [
      'SuccessfulCreate: Created pod: NAME → Pod',
      'SuccessfulDelete: Deleted pod: NAME → Pod',
      'FailedCreate: Error creating: x',
    ],
  ],
  [
    'Deployment',
    'web',
    [
      'ScalingReplicaSet: Scaled up replica set NAME to 1 → ReplicaSet',
      'ScalingReplicaSet: Scaled up replica set NAME from 0 to 2 → ReplicaSet',
      'ScalingReplicaSet: Scaled down replica set NAME to 0 → ReplicaSet',
    ],
  ],
  [
    'StatefulSet',
    'web',
    [
      'SuccessfulCreate: create Pod NAME in StatefulSet web successful → Pod',
      'SuccessfulDelete: delete Pod NAME in StatefulSet web successful → Pod',
    ],
  ],
  [
    'Job',
    'run run-29924134',
    [
      'SuccessfulCreate: Created pod: NAME → Pod',
      'Completed: Job completed',
      'BackoffLimitExceeded: Job has reached the specified backoff limit',
    ],
  ],
  [
    'CronJob',
    'run',
    [
      'SuccessfulCreate: Created job NAME → Job',
      'SuccessfulDelete: Deleted job NAME → Job',
      'SawCompletedJob: Saw completed job: NAME, status: Complete → Job',
    ],
  ],
  [
    'Node',
    'n1',
    [
      'NodeNotReady: Node n1 status is now: NodeNotReady',
      'NodeReady: Node n1 status is now: NodeReady',
      'Starting: Starting kubelet.',
    ],
  ],
  [
    'HorizontalPodAutoscaler',
    'web',
    ['SuccessfulRescale: New size: 2; reason: x', 'FailedGetResourceMetric: no metrics'],
  ],
  ['Foo', 'web run', ['Made: Created Bar "NAME" → Foo', 'Frobbing: going on']],
  ['Bar', 'web run', ['Made: Created Baz "NAME" → Foo', 'FrobFailed: no']],
];
const NAMES = new Map(SPOKEN.map(([kind, names]) => [kind, names.split(' ')]));
const BASE = 1_767_225_600 * SECOND;

interface Choice {
  readonly speaker: number;
  readonly name: number;
  readonly said: number;
  readonly other: number;
  readonly uid: number;
  /** Seconds from the beginning: of the first happening, and of those after it. */
  readonly at: number;
  readonly repeats: readonly number[];
}

const CHOICE: fc.Arbitrary<Choice> = fc.record({
  speaker: fc.nat(SPOKEN.length - 1),
  name: fc.nat(),
  said: fc.nat(),
  other: fc.nat(),
  uid: fc.nat(2),
  at: fc.nat(4000),
  repeats: fc.array(fc.nat(4000), { maxLength: 3 }),
});

function makeUp({ speaker, name, said, other, uid, at, repeats }: Choice, index: number): RecordedEvent {
  const [kind, , sayings] = SPOKEN[speaker] as (typeof SPOKEN)[number];
  const [words = '', target = 'Foo'] = pick(sayings, said).split(' → ');
  const [reason = '', ...rest] = words.split(': ');
  const object = pick(NAMES.get(kind) ?? [], name);
  const message = rest.join(': ').replace('NAME', pick(NAMES.get(target) ?? [], other));
  // Of Pods several live under one name, and of some only the name is known.
  const own = kind === 'Pod' ? ['', `${object}-1`, `${object}-2`][uid] : kind;
  const event = parseEvent({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `made-up-${index}`, namespace: 'ns' },
    involvedObject: {
      kind,
      name: object,
      namespace: 'ns',
      uid: own,
      fieldPath: kind === 'Pod' ? 'spec.containers{c}' : '',
    },
    reason,
    message,
    type: 'Warning',
    source: { component: 'kubelet', host: 'n1' },
    firstTimestamp: formatTime(BASE + at * SECOND),
  });
  const times = [at, ...repeats.map((later) => at + later)].toSorted((a, b) => a - b);
  const points = times.map((time, each) => ({
    at: BASE + time * SECOND,
    count: each + 1,
    series: false,
    message,
  }));
  return makeRecord('c', event, undefined, points);
}

function pick(from: readonly string[], number: number): string {
  return from[number % from.length] ?? '';
}

function* walk(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walk(step.steps);
  }
}

function tell(records: readonly RecordedEvent[]): readonly Story[] {
  const stories = openStories();
  for (const record of records) stories.addEvent(record);
  return stories.tell();
}

/** As a follower keeps them that asks after every Event. */
function follow(records: readonly RecordedEvent[], asOf: number): Story[] {
  const stories = openStories();
  const kept = new Map<string, Story>();
  for (const record of records) {
    stories.addEvent(record);
    const { told, gone } = stories.tellChanges(asOf);
    for (const id of gone) kept.delete(id);
    for (const story of told) kept.set(story.id, story);
  }
  return [...kept.values()].sort(byId);
}

function byId(a: Story, b: Story): number {
  return a.id < b.id ? -1 : 1;
}

test('openStories tells each happening once, in order, the same in any order and followed step by step, when histories are made up', () => {
  fc.assert(
    fc.property(
      fc.array(CHOICE, { minLength: 1, maxLength: 14 }),
      fc.infiniteStream(fc.nat()),
      (choices, numbers) => {
        const records = choices.map(makeUp);
        const stories = tell(records);
        const steps = stories.flatMap((story) => [...walk(story.steps)]);
        const told = steps.filter(({ source }) => source === 'event');
        const happened = records.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
        assert.equal(
          told.reduce((sum, { occurrences }) => sum + occurrences.length, 0),
          happened,
        );
        assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
        assert.equal(new Set(stories.map(({ id }) => id)).size, stories.length);
        for (const { at, endsAt, took } of steps) assert.ok((endsAt ?? at) >= at && (took ?? 0) >= 0);
        for (const { from, endsAt } of stories) assert.ok((endsAt ?? from) >= from);
        const shuffled = records
          .map((record) => ({ record, key: numbers.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record);
        assert.deepEqual(tell(shuffled), stories);
        const asOf = Math.max(...records.flatMap(({ occurrences }) => occurrences.map(({ at }) => at)));
        assert.deepEqual(follow(shuffled, asOf), stories.toSorted(byId));
        for (const { next } of diagnose(stories, asOf).findings) assert.match(next, /^kubectl /);
      },
    ),
    { numRuns: 250 },
  );
});
