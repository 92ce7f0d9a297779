import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { cutAt } from '../../test/read-record.ts';
import { listScenarios } from '../../test/read-recording.ts';
import { type Recorded, readRecorded } from '../../test/tell-recording.ts';
import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import { MINUTE, type Micros, SECOND } from '../lib/time.ts';
import { openStories } from '../stories/open-stories.ts';
import { countHappenings } from './count-events.ts';
import type { Sample } from './metric.ts';
import { openMeasures } from './open-measures.ts';

const RECORDS = new Map(listScenarios().map((scenario) => [scenario, readRecorded(scenario, true)]));

/** A record that is heard piece by piece and measured all the while, as a server does. */
function openListener(most?: number) {
  const [stories, measures] = [openStories(), openMeasures(most)];
  const counted = new Map<string, number>();
  const samples: Sample[] = [];
  return {
    stories,
    measures,
    hear(record: RecordedEvent) {
      const id = identify(record.event);
      measures.addEvent(record, counted.get(id));
      counted.set(id, countHappenings(record));
      stories.addEvent(record);
    },
    tell(now: Micros, asOf = stories.latest()) {
      const { told, gone } = stories.tellChanges(asOf);
      measures.addStories(told, gone, now);
    },
    take(now: Micros) {
      samples.push(...measures.take(now));
      return totalsOf(samples);
    },
  };
}

/** Of a counter the sum, of a histogram every length, in microseconds, from the shortest. */
function totalsOf(samples: readonly Sample[]): Record<string, number[]> {
  const totals: Record<string, number[]> = {};
  for (const { metric, labels, value } of samples) {
    const key = `${metric} ${Object.values(labels).join(' ')}`.trim();
    const lengths = totals[key] ?? [];
    totals[key] = lengths;
    if (metric.endsWith('_total')) lengths[0] = (lengths[0] ?? 0) + value;
    else lengths.push(Math.round(value * SECOND));
  }
  for (const lengths of Object.values(totals)) lengths.sort((a, b) => a - b);
  return Object.fromEntries(Object.entries(totals).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function measureAtOnce({ events, objects, changes }: Recorded) {
  const listener = openListener();
  events.forEach(listener.hear);
  objects.forEach(listener.stories.addObject);
  changes.forEach(listener.stories.addChange);
  listener.tell(0);
  return listener.take(Number.POSITIVE_INFINITY);
}

// Checked by hand from the times in the names of the Events, the eventTimes of Scheduled and the message of the pull.
test('openMeasures counts what the Events of a recorded rollout tell, to the microsecond', () => {
  const events = RECORDS.get('v1.20/a-healthy-rollout')?.events ?? [];
  const [first, second] = [47_727_323_849, 47_764_895_077];
  assert.deepEqual(measureAtOnce({ events, objects: [], changes: [] }), {
    'hark_events_total Normal Created Pod kubelet': [4],
    'hark_events_total Normal Killing Pod kubelet': [2],
    'hark_events_total Normal Pulled Pod kubelet': [4],
    'hark_events_total Normal Pulling Pod kubelet': [1],
    'hark_events_total Normal ScalingReplicaSet Deployment deployment-controller': [5],
    'hark_events_total Normal Scheduled Pod default-scheduler': [4],
    'hark_events_total Normal Started Pod kubelet': [4],
    'hark_events_total Normal SuccessfulCreate ReplicaSet replicaset-controller': [4],
    'hark_events_total Normal SuccessfulDelete ReplicaSet replicaset-controller': [2],
    'hark_events_total Warning FailedMount Pod kubelet': [2],
    // "in 145.944061ms", says the kubelet of the one image that was not there already.
    'hark_image_pull_seconds ghcr.io/stefanprodan/podinfo': [145_944],
    'hark_pod_startup_seconds pulling healthy': [47_765_517_998 - 47_765_372_026],
    'hark_pod_startup_seconds scheduling healthy': [
      47_775_258_022 - 47_775_248_423,
      47_764_915_640 - 47_764_904_383,
      47_727_366_741 - 47_727_340_728,
      47_727_374_905 - 47_727_335_009,
    ],
    'hark_pod_startup_seconds starting healthy': [
      47_765_611_333 - 47_764_915_640 - (47_765_517_998 - 47_765_372_026),
      47_775_960_331 - 47_775_258_022,
      47_729_438_030 - 47_727_374_905,
      47_729_436_300 - 47_727_366_741,
    ],
    'hark_rollout_seconds Deployment healthy succeeded': [47_729_438_030 - first, 47_782_028_898 - second],
    'hark_rollouts_total Deployment healthy succeeded': [2],
  });
});

test('openMeasures comes to the same totals in any order of arrival, however often stories are told meanwhile', () => {
  const names = [...RECORDS.keys()].filter((name) => !/g-jobs|z-mixed/.test(name));
  const none: Recorded = { events: [], objects: [], changes: [] };
  const expected = new Map(names.map((name) => [name, measureAtOnce(RECORDS.get(name) ?? none)]));
  const scenario = fc.constantFrom(...names);
  fc.assert(
    fc.property(
      scenario,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 30 }),
      (name, dice, every) => {
        const { events, objects, changes } = RECORDS.get(name) ?? none;
        const listener = openListener();
        const steps = [
          ...events.map((record) => () => listener.hear(record)),
          ...objects.map((object) => () => listener.stories.addObject(object)),
          ...changes.map((change) => () => listener.stories.addChange(change)),
        ];
        const shuffled = steps
          .map((run) => ({ run, at: dice.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at);
        for (const [index, { run }] of shuffled.entries()) {
          run();
          if (index % every === 0) listener.tell(Math.floor((index / shuffled.length) * 59) * SECOND);
        }
        listener.tell(59 * SECOND);
        assert.deepEqual(listener.take(Number.POSITIVE_INFINITY), expected.get(name), name);
      },
    ),
    { numRuns: 30 },
  );
});

test('openMeasures counts a cluster that is listened to for hours as it counts the finished record', () => {
  for (const [name, { events, objects, changes }] of RECORDS) {
    const [live, afterwards] = [openListener(), openListener()];
    const hear = ({ stories, hear }: typeof live, now: Micros) => {
      cutAt(events, now).forEach(hear);
      changes.filter(({ at }) => at <= now).forEach(stories.addChange);
      for (const object of objects) {
        const { createdAt = 0, deletedAt = now } = object;
        if (createdAt > now) continue;
        stories.addObject(deletedAt < now ? object : { ...object, deletedAt: undefined });
      }
    };
    const ats = [...events.flatMap(({ occurrences }) => occurrences), ...changes].map(({ at }) => at);
    const [from, end] = [Math.min(...ats), Math.max(...ats) + 15 * MINUTE];
    for (let now = from; now < end; now += 30 * SECOND) {
      hear(live, now);
      live.tell(now, now);
      live.take(now);
    }
    hear(live, end);
    live.tell(end, end);
    hear(afterwards, end);
    afterwards.tell(end, end);
    const totals = live.take(Number.POSITIVE_INFINITY);
    assert.deepEqual(totals, afterwards.take(Number.POSITIVE_INFINITY), name);
  }
});

test('openMeasures counts late what ended before what it has forgotten, and nothing twice, when it remembers little', () => {
  const { events } = RECORDS.get('v1.20/a-healthy-rollout') ?? { events: [] };
  const listener = openListener(5);
  events.forEach(listener.hear);
  const stories = listener.stories.tell();
  listener.measures.addStories(stories, [], 0);
  const before = listener.take(Number.POSITIVE_INFINITY);
  assert.equal(before.hark_metrics_late_total, undefined);
  listener.measures.addStories(stories, [], 0);
  const { hark_metrics_late_total: late, ...others } = listener.take(Number.POSITIVE_INFINITY);
  // 12 things were counted, of which 5 are remembered.
  assert.deepEqual(late, [7]);
  assert.deepEqual(others, before);
});

test('openMeasures does not count what had time to settle before it was to skip, and counts the rest', () => {
  const { events } = RECORDS.get('v1.20/a-healthy-rollout') ?? { events: [] };
  const listener = openListener();
  events.forEach(listener.measures.learnEvent);
  events.forEach(listener.stories.addEvent);
  const stories = listener.stories.tell();
  // 40 s after the second rollout began; the first was 75 s ago, which is enough for its Pods.
  const now = (stories[1]?.from ?? 0) + 40 * SECOND;
  listener.measures.addStories(stories, [], now);
  listener.measures.skip(now);
  assert.deepEqual(listener.take(now), {});
  listener.measures.addStories(stories, [], now);
  const totals = listener.take(Number.POSITIVE_INFINITY);
  assert.deepEqual(
    Object.entries(totals).map(([key, values]) => `${key} ${values.length}`),
    [
      'hark_image_pull_seconds ghcr.io/stefanprodan/podinfo 1',
      'hark_pod_startup_seconds pulling healthy 1',
      'hark_pod_startup_seconds scheduling healthy 2',
      'hark_pod_startup_seconds starting healthy 2',
      'hark_rollout_seconds Deployment healthy succeeded 2',
      'hark_rollouts_total Deployment healthy succeeded 1',
    ],
  );
});

test('openMeasures does not take a Pod for started when its init container was', () => {
  const { events } = RECORDS.get('v1.20/a-healthy-rollout') ?? { events: [] };
  const toInit = (record: RecordedEvent): RecordedEvent => {
    const { involvedObject } = record.event;
    const fieldPath = involvedObject.fieldPath.replace('spec.containers', 'spec.initContainers');
    return { ...record, event: { ...record.event, involvedObject: { ...involvedObject, fieldPath } } };
  };
  const totals = measureAtOnce({ events: events.map(toInit), objects: [], changes: [] });
  assert.equal(totals['hark_pod_startup_seconds starting healthy'], undefined);
  assert.equal(totals['hark_pod_startup_seconds scheduling healthy']?.length, 4);
});
