import type { RecordedEvent } from '../events/event.ts';
import type { Micros } from '../lib/time.ts';
import type { Story } from '../stories/story.ts';
import { createEventCounts } from './count-events.ts';
import { createCounted } from './count-once.ts';
import { createLabelFolder } from './fold-labels.ts';
import { createInitContainers } from './init-containers.ts';
import type { Measure } from './measure.ts';
import { measureStory } from './measure-story.ts';
import type { Sample } from './metric.ts';

/** What is counted of a record while it grows. Everything is counted once, however often it is told. */
export interface Measures {
  /**
   * Takes a state of an Event.
   *
   * @param counted how many of its happenings were counted before, in an earlier state; default: none
   */
  addEvent(record: RecordedEvent, counted?: number): void;
  /** Takes an Event that was there before: it is not counted, but the labels that are used most by then have a name of their own. */
  learnEvent(record: RecordedEvent): void;
  /** Takes stories as `Stories.tellChanges` tells them: those that are new or different, and which are gone. */
  addStories(told: readonly Story[], gone: readonly string[], now: Micros): void;
  /** Takes what of the stories has ended so long ago that it must have been counted before for counted. */
  skip(now: Micros): void;
  /** What has settled since the last call, to be added to what was counted before. */
  take(now: Micros): readonly Sample[];
}

interface Pending {
  readonly measure: Measure;
  readonly story: string;
  /** Since when it is told so. */
  readonly since: Micros;
}

/** Things that are remembered to have been counted; some 120 bytes each. */
const MOST_COUNTED = 200_000;

/** @param most how many things are remembered to have been counted */
export function openMeasures(most = MOST_COUNTED): Measures {
  const counted = createCounted(most);
  const folder = createLabelFolder();
  const events = createEventCounts();
  const past = createEventCounts();
  const inits = createInitContainers();
  const pending = new Map<string, Pending>();
  const idsOf = new Map<string, Set<string>>();

  function drop(id: string, story: string): void {
    pending.delete(id);
    const ids = idsOf.get(story);
    ids?.delete(id);
    if (ids?.size === 0) idsOf.delete(story);
  }

  function learn(story: Story, before: ReadonlyMap<string, Pending>, now: Micros): void {
    for (const measure of measureStory(story, inits.has)) {
      const { id } = measure;
      if (counted.has(id)) continue;
      const other = pending.get(id);
      if (other !== undefined) drop(id, other.story);
      const known = before.get(id);
      const since = known !== undefined && isSame(known.measure, measure) ? known.since : now;
      pending.set(id, { measure, story: story.id, since });
      const ids = idsOf.get(story.id) ?? new Set();
      idsOf.set(story.id, ids.add(id));
    }
  }

  /** Takes out what is to be counted, the earliest first. */
  function takeOut(isDue: (pending: Pending) => boolean): Measure[] {
    const due = [...pending.values()].filter(isDue);
    for (const { measure, story } of due) drop(measure.id, story);
    return due.map(({ measure }) => measure).sort((a, b) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1));
  }

  function countThings(things: readonly Measure[]): Sample[] {
    const samples: Sample[] = [];
    for (const thing of things) {
      const when = counted.count(thing.id, thing.endedAt);
      if (when === 'now') samples.push(...thing.samples);
      if (when === 'late') samples.push({ metric: 'hark_metrics_late_total', labels: {}, value: 1 });
    }
    return samples;
  }

  return {
    addEvent(record, countedBefore = 0) {
      events.add(record, countedBefore);
      inits.learn(record);
    },
    learnEvent(record) {
      past.add(record, 0);
      inits.learn(record);
    },
    addStories(told, gone, now) {
      const before = new Map<string, Pending>();
      for (const story of [...gone, ...told.map(({ id }) => id)])
        for (const id of [...(idsOf.get(story) ?? [])]) {
          const known = pending.get(id);
          if (known !== undefined) before.set(id, known);
          drop(id, story);
        }
      for (const story of told) learn(story, before, now);
    },
    skip(now) {
      const skipped = takeOut(({ measure }) => measure.endedAt + measure.settles <= now);
      folder.admit(skipped.flatMap(({ samples }) => samples));
      for (const { id, endedAt } of skipped) counted.count(id, endedAt);
    },
    take(now) {
      folder.admit(past.take(), weighEvent);
      const happened = events.take();
      folder.admit(happened, weighEvent);
      const things = countThings(takeOut(({ since, measure }) => since + measure.settles <= now));
      folder.admit(things);
      return [...happened, ...things].flatMap(folder.fold);
    },
  };
}

function weighEvent({ value }: Sample): number {
  return value;
}

function isSame(a: Measure, b: Measure): boolean {
  return a.endedAt === b.endedAt && JSON.stringify(a.samples) === JSON.stringify(b.samples);
}
