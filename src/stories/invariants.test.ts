import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import { readScenario } from '../../test/read-record.ts';
import { listScenarios } from '../../test/read-recording.ts';
import type { Event, RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import { makeRecord } from '../events/merge-records.ts';
import { MINUTE, type MicrosLength, SECOND } from '../lib/time.ts';
import { openStories } from './open-stories.ts';
import type { Step, Story } from './story.ts';

const RECORDS = new Map(listScenarios().map((scenario) => [scenario, readScenario(scenario)]));

function* walk(steps: readonly Step[], parent?: Step): Generator<{ step: Step; parent: Step | undefined }> {
  for (const step of steps) {
    yield { step, parent };
    yield* walk(step.steps, step);
  }
}

function tell(records: readonly RecordedEvent[], scenario = ''): readonly Story[] {
  const stories = openStories();
  for (const record of records) stories.addEvent(record);
  if (scenario !== '') {
    const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
    for (const object of objects) stories.addObject(object);
    for (const change of changes) stories.addChange(change);
  }
  return stories.tell();
}

/** The Event as a component would have sent it whose clock goes wrong by so much: all its times, and the nanoseconds in its name. */
function skew(record: RecordedEvent, by: MicrosLength): RecordedEvent {
  const { event } = record;
  const move = (at: number | undefined) => (at === undefined ? undefined : at + by);
  const name = event.name.replace(/\.([0-9a-f]{16})$/, (_, hex: string) => {
    return `.${(BigInt(`0x${hex}`) + BigInt(by) * 1_000n).toString(16)}`;
  });
  const moved: Event = {
    ...event,
    name,
    firstTimestamp: move(event.firstTimestamp),
    lastTimestamp: move(event.lastTimestamp),
    eventTime: move(event.eventTime),
    series:
      event.series === undefined
        ? undefined
        : { ...event.series, lastObservedTime: move(event.series.lastObservedTime) },
  };
  const points = record.points.map((point) => ({ ...point, at: point.at + by }));
  return makeRecord(record.cluster, moved, move(record.deletedAt), points);
}

function componentOf({ event }: RecordedEvent): string {
  return event.source.component || event.reportingController;
}

test('openStories ends no step before it begins, and counts no length below nothing', () => {
  let seen = 0;
  for (const [scenario, records] of RECORDS)
    for (const stories of [tell(records), tell(records, scenario)])
      for (const story of stories) {
        assert.ok((story.endsAt ?? story.from) >= story.from, `${scenario}: ${story.title}`);
        assert.ok(story.lastAt >= story.from, `${scenario}: ${story.title}`);
        for (const { step } of walk(story.steps)) {
          assert.ok((step.endsAt ?? step.at) >= step.at, `${scenario}: ${step.says}`);
          assert.ok((step.took ?? 0) >= 0, `${scenario}: ${step.says}`);
          assert.ok(step.lastAt >= step.at, `${scenario}: ${step.says}`);
          seen += 1;
        }
      }
  assert.ok(seen > 4_000, String(seen));
});

test('openStories never takes a step for the cause of what names it: who made something is above it, not below', () => {
  for (const [scenario, records] of RECORDS)
    for (const story of tell(records, scenario))
      for (const { step, parent } of walk(story.steps)) {
        if (parent === undefined) continue;
        const made = /^(?:Created|Deleted) pod (\S+)$/.exec(parent.says)?.[1];
        if (made !== undefined && step.object.kind === 'Pod')
          assert.equal(step.object.name, made, `${scenario}: ${step.says} below ${parent.says}`);
        assert.notEqual(parent.reason, 'Killing', `${scenario}: ${step.says}`);
        if (
          step.reason === 'SuccessfulCreate' &&
          step.object.kind === 'ReplicaSet' &&
          parent.source === 'event'
        )
          assert.match(parent.reason, /ScalingReplicaSet|Killing|Evict/, `${scenario}: ${step.says}`);
      }
});

/** For each Event the object of the step it hangs below, whatever their times; empty for the first steps of a story. */
function causesOf(stories: readonly Story[], nameOf: (source: string) => string): Map<string, string> {
  const causes = new Map<string, string>();
  const visit = (steps: readonly Step[], above: string): void => {
    for (const step of steps) {
      const isEvent = step.source === 'event';
      if (isEvent) for (const source of step.sources) causes.set(nameOf(source), above);
      visit(step.steps, isEvent ? `${step.object.kind}/${step.object.name}` : above);
    }
  };
  for (const story of stories) visit(story.steps, `story of ${story.object.kind}/${story.object.name}`);
  return causes;
}

test('openStories tells the same causes when the clock of one component goes wrong by 5 s, in every recording', () => {
  let compared = 0;
  for (const [scenario, records] of RECORDS) {
    const names = new Map(records.map((record) => [sourceOf(record), sourceOf(record)]));
    const nameOf = (source: string) => names.get(source) ?? source;
    const wanted = causesOf(tell(records), nameOf);
    for (const component of new Set(records.map(componentOf)))
      for (const by of [-5 * SECOND, 5 * SECOND]) {
        const moved = records.map((record) => {
          if (componentOf(record) !== component) return record;
          const skewed = skew(record, by);
          names.set(sourceOf(skewed), sourceOf(record));
          return skewed;
        });
        const actual = causesOf(tell(moved), nameOf);
        const other = [...wanted].filter(([source, cause]) => actual.get(source) !== cause);
        assert.deepEqual(
          other.map(([source, cause]) => `${source}: ${actual.get(source)}, not ${cause}`),
          [],
          `${scenario}: ${component} ${by / SECOND}s`,
        );
        compared += wanted.size;
      }
  }
  assert.ok(compared > 10_000, String(compared));
});

test('openStories tells every Event once when clocks contradict each other by minutes', () => {
  for (const [scenario, records] of RECORDS)
    for (const component of ['kubelet', 'replicaset-controller', 'job-controller', 'cronjob-controller']) {
      const moved = records.map((record) =>
        componentOf(record) === component ? skew(record, -3 * MINUTE) : record,
      );
      const told = tell(moved).flatMap((story) =>
        [...walk(story.steps)]
          .filter(({ step }) => step.source === 'event')
          .flatMap(({ step }) => step.occurrences),
      );
      const happened = moved.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
      assert.equal(told.length, happened, `${scenario}: ${component}`);
    }
});

function sourceOf(record: RecordedEvent): string {
  return `${record.cluster}/${identify(record.event)}`;
}
